import { isUtf8 } from 'node:buffer';

const BEYOND_ASCII = /[^\0-\x7f]/;

/**
 * A header value as text. HTTP parsers make one character of each byte; what most software sends beyond ASCII is UTF-8, and
 * other bytes stay as they are: ISO-8859-1, as HTTP once said.
 */
export function readHeaderText(value: string): string {
  if (!BEYOND_ASCII.test(value)) return value;
  const bytes = Buffer.from(value, 'latin1');
  return bytes.length === value.length && isUtf8(bytes) && !BEYOND_LATIN1.test(value) ? bytes.toString() : value;
}

const BEYOND_LATIN1 = /[^\0-\xff]/;

/** A text as HTTP clients take header values: one character for each byte of its UTF-8. */
export function writeHeaderText(value: string): string {
  return BEYOND_ASCII.test(value) ? Buffer.from(value).toString('latin1') : value;
}
