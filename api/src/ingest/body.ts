import { isUtf8 } from 'node:buffer';
import { parseJson } from '../expressions/index.ts';
import type { BodyEncoding } from '../model/event.ts';

/** `value` is what expressions see as `body`. */
export type ParsedBody = { ok: true; value: unknown } | { ok: false; message: string };

const JSON_TYPE = /^(?:application|text)\/(?:[\w.-]+\+)?json$/;
const TEXT_TYPE = /^text\/|^application\/(?:[\w.-]+\+)?xml$/;
const FORM_TYPE = 'application/x-www-form-urlencoded';
const LOOKS_LIKE_JSON = /^\s*[[{]/;
const BYTE_ORDER_MARK = '\ufeff';
/** Several times what GitHub's largest payloads hold; about 0.4 s of this process. */
const MAX_MEMBERS = 200_000;

/**
 * The body as a value: JSON as it is; a form as an object (a repeated field as a list; GitHub's form, a
 * single field `payload`, as the JSON inside); text and XML as text; anything else as null, since its
 * bytes mean nothing to an expression. Without a declared JSON type, a body that is JSON still counts as
 * such: curl sends JSON as a form, and many a script as text.
 * Only a declared JSON type makes broken JSON an error.
 */
export function parseBody(raw: Buffer, contentType: string): ParsedBody {
  const type = mediaType(contentType);
  if (raw.length === 0) return { ok: true, value: null };
  if (JSON_TYPE.test(type)) {
    return isUtf8(raw) ? parsePayload(raw.toString('utf8')) : { ok: false, message: 'it is not valid UTF-8' };
  }
  if (!isUtf8(raw)) return { ok: true, value: null };
  const text = raw.toString('utf8');
  const guessed = LOOKS_LIKE_JSON.test(text) ? parsePayload(text) : undefined;
  if (guessed?.ok) return guessed;
  if (type === FORM_TYPE) return { ok: true, value: parseForm(text) };
  return { ok: true, value: type === '' || TEXT_TYPE.test(type) ? text : null };
}

/** RFC 8259, 8.1 lets a parser ignore the byte order mark that .NET and PowerShell write. */
function parsePayload(text: string): ParsedBody {
  return parseJson(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text, MAX_MEMBERS);
}

/** The bytes in a form that a JSON column keeps exactly: text where they are plain UTF-8, else base64. */
export function encodeBody(raw: Buffer): { body: string; body_encoding: BodyEncoding } {
  return isUtf8(raw) && !hasControlCharacters(raw)
    ? { body: raw.toString('utf8'), body_encoding: 'utf8' }
    : { body: raw.toString('base64'), body_encoding: 'base64' };
}

/** SQLite ends some text operations at a NUL, and JSON writes each of the others in six characters: such bytes are no text. */
function hasControlCharacters(raw: Buffer): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\x00-\x08\x0b\x0e-\x1f]/.test(raw.toString('latin1'));
}

/** `application/json; charset=utf-8` → `application/json` */
function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] as string).trim().toLowerCase();
}

function parseForm(text: string): unknown {
  const fields = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields.get(name);
    if (before === undefined) fields.set(name, value);
    else if (Array.isArray(before)) before.push(value);
    else fields.set(name, [before, value]);
  }
  const payload = fields.size === 1 ? fields.get('payload') : undefined;
  const inner = typeof payload === 'string' ? parsePayload(payload) : undefined;
  return inner?.ok ? inner.value : Object.fromEntries(fields);
}
