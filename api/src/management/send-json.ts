import type { Response } from 'express';
import { stringifyJson } from '../expressions/index.ts';

/** Responds with JSON that keeps integers beyond 2^53 exact; Express's own serializer throws on a BigInt. */
export function sendJson(response: Response, body: unknown): void {
  response.type('application/json').send(stringifyJson(body));
}
