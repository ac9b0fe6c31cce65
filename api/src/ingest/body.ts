import { isUtf8 } from 'node:buffer';
import { type JsonLimits, type ParsedJson, parseJson } from '../expressions/index.ts';
import type { BodyEncoding } from '../model/event.ts';
import type { ProblemCode } from '../model/problems.ts';
import { parseForm } from './form.ts';

/** `value` is what expressions read as `body`. */
export type ParsedBody = { ok: true; value: unknown } | { ok: false; code: ProblemCode; detail: string };

/**
 * Limits on what a body may parse to, so that a small body can't cost more than about 20 ms and 20 MB. GitHub's largest
 * payload, a push of 2,048 commits, has about 110,000 names and values, with 100 different names.
 */
export const BODY_LIMITS: JsonLimits = { values: 200_000, names: 20_000 };

const JSON_TYPE = /^(?:application|text)\/(?:[\w.-]+\+)?json$/;
const TEXT_TYPE = /^text\/|^application\/(?:[\w.-]+\+)?xml$/;
const FORM_TYPE = 'application/x-www-form-urlencoded';
const LOOKS_LIKE_JSON = /^\s*[[{]/;
const BYTE_ORDER_MARK = '\ufeff';

/**
 * Parses the body: JSON as it is; a form as an object (a repeated field becomes a list; GitHub's form, a single field
 * `payload`, becomes the JSON inside); text and XML as text; anything else as null, since expressions can't read bytes.
 * A body that is valid JSON is parsed as JSON whatever its content type, since curl sends JSON as a form by default, and
 * many scripts send it as text.
 * Invalid JSON is an error only with a JSON content type; JSON and forms beyond BODY_LIMITS always are.
 * @param text textOf(raw), if the caller has it already
 */
export function parseBody(raw: Buffer, contentType: string, text = textOf(raw)): ParsedBody {
  const type = mediaType(contentType);
  if (raw.length === 0) return { ok: true, value: null };
  if (JSON_TYPE.test(type)) return text === undefined ? malformed('it is not valid UTF-8') : toBody(parsePayload(text));
  if (text === undefined) return { ok: true, value: null };
  const guessed = LOOKS_LIKE_JSON.test(text) ? parsePayload(text) : undefined;
  if (guessed?.ok) return guessed;
  if (type !== FORM_TYPE) return { ok: true, value: type === '' || TEXT_TYPE.test(type) ? text : null };
  return guessed?.tooLarge ? toBody(guessed) : parseFormBody(raw);
}

/** .NET and PowerShell write a byte order mark, which parsers may ignore (RFC 8259, 8.1). */
function parsePayload(text: string): ParsedJson {
  return parseJson(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text, BODY_LIMITS);
}

function parseFormBody(raw: Buffer): ParsedBody {
  const fields = parseForm(raw, BODY_LIMITS);
  if (!fields) {
    const { values, names } = BODY_LIMITS;
    return tooLarge(`the form has more than ${values / 2} fields, or more than ${names} different names`);
  }
  const [payload, ...others] = fields.size === 1 ? (fields.get('payload') ?? []) : [];
  const inner = payload !== undefined && others.length === 0 ? parsePayload(payload) : undefined;
  if (inner?.ok || inner?.tooLarge) return toBody(inner);
  const entries = [...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
  return { ok: true, value: Object.fromEntries(entries) };
}

function toBody(parsed: ParsedJson): ParsedBody {
  if (parsed.ok) return parsed;
  return parsed.tooLarge ? tooLarge(parsed.message) : malformed(parsed.message);
}

function malformed(message: string): ParsedBody {
  return { ok: false, code: 'malformed_json', detail: `The body, declared as JSON, is none: ${message}.` };
}

function tooLarge(message: string): ParsedBody {
  return { ok: false, code: 'body_too_large', detail: `The body is too much at once: ${message}. Send it in parts.` };
}

/** Decodes UTF-8; undefined when the bytes are not valid UTF-8. */
export function textOf(raw: Buffer): string | undefined {
  return isUtf8(raw) ? raw.toString('utf8') : undefined;
}

/**
 * Encodes the bytes so that a JSON column keeps them exactly: as text if they are UTF-8 without control characters other
 * than white space, else as base64.
 * @param text textOf(raw), if the caller has it already, so that a large body is decoded once
 */
export function encodeBody(raw: Buffer, text = textOf(raw)): { body: string; body_encoding: BodyEncoding } {
  return text !== undefined && !CONTROL_CHARACTERS.test(text)
    ? { body: text, body_encoding: 'utf8' }
    : { body: raw.toString('base64'), body_encoding: 'base64' };
}

/** Bodies with these are stored as base64: SQLite ends some text at a NUL, and JSON escapes most others in six characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: matching them is the purpose
const CONTROL_CHARACTERS = /[\x00-\x08\x0b\x0e-\x1f]/;

/** `application/json; charset=utf-8` → `application/json` */
function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] as string).trim().toLowerCase();
}
