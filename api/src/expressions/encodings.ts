import { createHash } from 'node:crypto';
import { failure } from './errors.ts';
import { parseJson, stringifyJson } from './json.ts';
import { makeMeter } from './meter.ts';
import { makeRoom, toJson } from './value.ts';

/** As for a body, a part of which it may be. */
const JSON_LIMITS = { values: 200_000, names: 20_000 };

export function jsonDecode(text: string): unknown {
  const parsed = parseJson(text, JSON_LIMITS);
  if (!parsed.ok) throw failure(`the text of jsonDecode() can not be read: ${parsed.message}`);
  return parsed.value;
}

export function jsonEncode(value: unknown): string {
  return stringifyJson(toJson(value, makeRoom(makeMeter())));
}

export function base64Encode(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Either alphabet of RFC 4648, padded or not, with line ends as mail has them. */
export function base64Decode(text: string): string {
  const encoded = text.replace(/[\r\n]/g, '');
  if (!BASE64.test(encoded) || encoded.replace(/=+$/, '').length % 4 === 1) {
    throw failure('base64Decode() needs base64');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(encoded, 'base64'));
  } catch {
    throw failure('what base64Decode() found is no text in UTF-8');
  }
}

/** In hexadecimal, of the text in UTF-8. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
