import type { BodyEncoding } from '../../model/event.ts';
import { parseJson, printJson } from './json.ts';
import { visible } from './visible.ts';

/** Formats a body: JSON indented, whatever its content type; text as it is; for bytes, a hint how to get them. */
export function bodyForPeople(body: string, encoding: BodyEncoding): string {
  if (encoding === 'base64')
    return `(${Buffer.byteLength(body, 'base64')} bytes that are not text; --json shows them in base64)`;
  if (body.trim() === '') return '(empty)';
  try {
    return printJson(parseJson(body), 2);
  } catch {
    return visible(body);
  }
}
