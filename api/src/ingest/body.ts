import { isUtf8 } from 'node:buffer';
import { type JsonLimits, type ParsedJson, parseJson } from '../expressions/index.ts';
import type { BodyEncoding } from '../model/event.ts';
import type { ProblemCode } from '../model/problems.ts';
import { parseForm } from './form.ts';

/** `value` is what expressions see as `body`. */
export type ParsedBody = { ok: true; value: unknown } | { ok: false; code: ProblemCode; detail: string };

/**
 * What may come out of a body, however few bytes it has: some 20 ms of this process, and some 20 MB. GitHub's largest
 * payloads, a push of 2,048 commits, have about 110,000 names and values, of which 100 names are different.
 */
export const BODY_LIMITS: JsonLimits = { values: 200_000, names: 20_000 };

const JSON_TYPE = /^(?:application|text)\/(?:[\w.-]+\+)?json$/;
const TEXT_TYPE = /^text\/|^application\/(?:[\w.-]+\+)?xml$/;
const FORM_TYPE = 'application/x-www-form-urlencoded';
const LOOKS_LIKE_JSON = /^\s*[[{]/;
const BYTE_ORDER_MARK = '\ufeff';

/**
 * The body as a value: JSON as it is; a form as an object (a repeated field as a list; GitHub's form, a
 * single field `payload`, as the JSON inside); text and XML as text; anything else as null, since its
 * bytes mean nothing to an expression. Without a declared JSON type, a body that is JSON still counts as
 * such: curl sends JSON as a form, and many a script as text.
 * Only a declared JSON type makes broken JSON an error; JSON and forms beyond BODY_LIMITS are one each time.
 * @param text the same as textOf(raw), where that is at hand
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

/** RFC 8259, 8.1 lets a parser ignore the byte order mark that .NET and PowerShell write. */
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

/** The bytes as text; undefined: they are not UTF-8. */
export function textOf(raw: Buffer): string | undefined {
  return isUtf8(raw) ? raw.toString('utf8') : undefined;
}

/**
 * The bytes in a form that a JSON column keeps exactly: text where they are plain UTF-8, else base64.
 * @param text the same as textOf(raw), where that is at hand: a large body is held once
 */
export function encodeBody(raw: Buffer, text = textOf(raw)): { body: string; body_encoding: BodyEncoding } {
  return text !== undefined && !CONTROL_CHARACTERS.test(text)
    ? { body: text, body_encoding: 'utf8' }
    : { body: raw.toString('base64'), body_encoding: 'base64' };
}

/** SQLite ends some text operations at a NUL, and JSON writes each of the others in six characters: such bytes are no text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL_CHARACTERS = /[\x00-\x08\x0b\x0e-\x1f]/;

/** `application/json; charset=utf-8` → `application/json` */
function mediaType(contentType: string): string {
  return (contentType.split(';', 1)[0] as string).trim().toLowerCase();
}
