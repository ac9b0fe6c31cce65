import type { Response } from 'express';
import { stringifyJson } from '../expressions/index.ts';

/** Answers with JSON in which whole numbers beyond 2^53 are exact; Express's own serializer refuses them. */
export function sendJson(response: Response, body: unknown): void {
  response.type('application/json').send(stringifyJson(body));
}
