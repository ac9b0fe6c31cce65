import { type ExpressionError, type JsonLimits, type ParsedJson, parseJson } from '../expressions/index.ts';
import type { BodyEncoding } from '../model/event.ts';
import type { ProblemCode } from '../model/problems.ts';
import { decodeText, encodingOf, utf8TextOf } from './charset.ts';
import { parseFormBody } from './form-body.ts';
import { parseJsonLines } from './json-lines.ts';
import { isForm, isJson, isJsonLines, isMultipartForm, isText, type MediaType, readMediaType } from './media-type.ts';
import { parseMultipart } from './multipart.ts';

/** `value` is what expressions read as `body`. */
export type ParsedBody = { ok: true; value: unknown } | { ok: false; code: ProblemCode; detail: string };

/**
 * Limits on what a body may parse to, so that a small body can't cost more than about 20 ms and 20 MB. GitHub's largest
 * payload, a push of 2,048 commits, has about 110,000 names and values, with 100 different names.
 */
export const BODY_LIMITS: JsonLimits = { values: 200_000, names: 20_000 };

const LOOKS_LIKE_JSON = /^\s*[[{]/;

/**
 * Parses the body, in the charset that it declares: JSON as it is; JSON lines as a list; a form as an object (a repeated field
 * becomes a list; GitHub's form, a single field `payload`, becomes the JSON inside), with what is known about its files
 * if it is multipart; text and XML as text; anything else as null, since expressions can't read bytes.
 * A body that is valid JSON is parsed as JSON whatever its content type, since curl sends JSON as a form by default, and
 * many scripts send it as text.
 * Invalid JSON is an error only with a content type that says JSON; JSON and forms beyond BODY_LIMITS always are.
 * @param utf8 utf8TextOf(raw), if the caller has it already
 */
export function parseBody(raw: Buffer, contentType: string, utf8 = utf8TextOf(raw)): ParsedBody {
  if (raw.length === 0) return { ok: true, value: null };
  const media = readMediaType(contentType);
  if (isMultipartForm(media)) return toBody(parseMultipart(raw, media, BODY_LIMITS));
  const encoding = encodingOf(raw, media);
  const text = decodeText(raw, encoding, utf8);
  if (isJson(media)) return parseDeclaredJson(text, encoding, utf8);
  const guessed = text !== undefined && LOOKS_LIKE_JSON.test(text) ? parseJson(text, BODY_LIMITS) : undefined;
  if (isJsonLines(media)) return text === undefined ? notIn(encoding) : toBody(parseJsonLines(text, BODY_LIMITS));
  if (guessed?.ok) return guessed;
  if (!isForm(media)) return { ok: true, value: isText(media) && text !== undefined ? text : null };
  return guessed?.tooLarge ? toBody(guessed) : parseForm(raw, media);
}

/** What can be read of a body that could not be parsed as what it is declared as, and why it could not. */
export interface MalformedBody {
  /** Its text; null if it is none. */
  value: string | null;
  failure: ExpressionError;
}

export function readMalformed(raw: Buffer, contentType: string, detail: string): MalformedBody {
  const text = decodeText(raw, encodingOf(raw, readMediaType(contentType)), utf8TextOf(raw));
  return { value: text ?? null, failure: { message: detail, where: 'body' } };
}

/** A wrong charset is declared often enough; that it is JSON in UTF-8 (RFC 8259, 8.1) proves that it was wrong. */
function parseDeclaredJson(text: string | undefined, encoding: string, utf8: string | undefined): ParsedBody {
  const parsed = text === undefined ? undefined : parseJson(text, BODY_LIMITS);
  if (parsed?.ok || utf8 === undefined || text === utf8) return parsed ? toBody(parsed) : notIn(encoding);
  const inUtf8 = parseJson(utf8, BODY_LIMITS);
  return inUtf8.ok || !parsed ? toBody(inUtf8) : toBody(parsed);
}

function notIn(encoding: string): ParsedBody {
  return malformed(`it is not valid ${encoding.toUpperCase()}`);
}

function parseForm(raw: Buffer, media: MediaType): ParsedBody {
  const fields = parseFormBody(raw, media, BODY_LIMITS);
  if (!fields) {
    const { values, names } = BODY_LIMITS;
    return tooLarge(`the form has more than ${values / 2} fields, or more than ${names} different names`);
  }
  const [payload, ...others] = fields.size === 1 ? (fields.get('payload') ?? []) : [];
  const inner = payload !== undefined && others.length === 0 ? parseJson(payload, BODY_LIMITS) : undefined;
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

/**
 * Encodes the bytes so that a JSON column keeps them exactly: as text if they are UTF-8 without control characters other
 * than white space, else as base64.
 * @param text utf8TextOf(raw), if the caller has it already, so that a large body is decoded once
 */
export function encodeBody(raw: Buffer, text = utf8TextOf(raw)): { body: string; body_encoding: BodyEncoding } {
  return text !== undefined && !CONTROL_CHARACTERS.test(text)
    ? { body: text, body_encoding: 'utf8' }
    : { body: raw.toString('base64'), body_encoding: 'base64' };
}

/** Bodies with these are stored as base64: SQLite ends some text at a NUL, and JSON escapes most others in six characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: matching them is the purpose
const CONTROL_CHARACTERS = /[\x00-\x08\x0b\x0e-\x1f]/;
