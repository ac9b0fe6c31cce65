import { stringifyJson } from '../expressions/json.ts';
import type { DestinationType, RenderedBody } from './type.ts';

/** A text stays a text; everything else is JSON. */
export function plainBody(value: unknown): RenderedBody {
  return typeof value === 'string'
    ? { body: value, content_type: 'text/plain; charset=utf-8' }
    : { body: stringifyJson(value), content_type: 'application/json' };
}

/** Any HTTP endpoint. */
export const http: DestinationType = { sends: true, fit: plainBody };
