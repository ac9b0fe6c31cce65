import type { JsonLimits } from '../expressions/index.ts';
import { decodeText, encodingByLabel, encodingOf, pieceDecoder, withoutMarks } from './charset.ts';
import { parseForm } from './form.ts';
import type { MediaType } from './media-type.ts';

/** Fields in which a form itself tells its charset: HTML's, and the one of PayPal and Alipay. */
const CHARSET_FIELDS = ['_charset_', 'charset'];
const REPLACEMENT = '\ufffd';

/**
 * Parses a form in its own encoding, of which its escapes are bytes as well. If no charset is declared and the form is not
 * UTF-8, a field may tell which it is.
 * @returns undefined when the limits are exceeded
 */
export function parseFormBody(raw: Buffer, media: MediaType, limits: JsonLimits): Map<string, string[]> | undefined {
  const fields = parseIn(encodingOf(raw, media), raw, limits);
  const isDeclared = media.charset !== '' && encodingByLabel(media.charset) !== undefined;
  const own = fields && !isDeclared ? ownEncoding(fields) : undefined;
  return own === undefined ? fields : parseIn(own, raw, limits);
}

function parseIn(encoding: string, raw: Buffer, limits: JsonLimits): Map<string, string[]> | undefined {
  if (!isWide(encoding, raw)) return parseForm(withoutMarks(raw), limits, pieceDecoder(encoding));
  const text = decodeText(raw, encoding, undefined) ?? pieceDecoder(encoding)?.(raw) ?? '';
  return parseForm(Buffer.from(text), limits);
}

/** Whether `&` and `=` are more than one byte, or may be part of another character: then all has to be decoded first. */
function isWide(encoding: string, raw: Buffer): boolean {
  return encoding.startsWith('utf-16') || (encoding === 'iso-2022-jp' && raw.includes(ESCAPE));
}

const ESCAPE = 0x1b;

function ownEncoding(fields: Map<string, string[]>): string | undefined {
  const label = CHARSET_FIELDS.flatMap((name) => fields.get(name) ?? [])[0];
  if (!label) return undefined;
  const isBroken = [...fields].some(([name, values]) => [name, ...values].some((text) => text.includes(REPLACEMENT)));
  return isBroken ? encodingByLabel(label) : undefined;
}
