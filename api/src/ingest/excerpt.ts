import { isCredentialName } from '../model/credential-names.ts';
import { decodeText, encodingOf, pieceDecoder, utf8TextOf } from './charset.ts';
import { REDACTED } from './headers.ts';
import { readMediaType } from './media-type.ts';

const EXCERPT_BYTES = 1024;
/** Looked at around the end of the excerpt, so that a secret that is cut off there is found as a whole. */
const BEYOND = 1024;
/** Shorter secrets would match ordinary words. */
const SHORTEST_SECRET = 8;

/**
 * How a body begins, up to 1 KiB, for people who have to find out why it can't be read. Masked are values whose names look like those of
 * credentials, bearer tokens and JWTs under any name, passwords in URLs, and the source's own secrets.
 */
export function excerptOf(raw: Buffer, contentType: string, secrets: readonly string[]): string {
  const begin = raw.subarray(0, EXCERPT_BYTES + BEYOND);
  const encoding = encodingOf(raw, readMediaType(contentType));
  const decode =
    pieceDecoder(encoding) ?? ((bytes: Buffer) => decodeText(bytes, encoding, utf8TextOf(bytes)) ?? String(bytes));
  const masked = maskCredentials(decode(begin), secrets);
  return masked.slice(0, EXCERPT_BYTES);
}

function maskCredentials(text: string, secrets: readonly string[]): string {
  const known = secrets.filter(({ length }) => length >= SHORTEST_SECRET);
  const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
  return withoutKnown
    .replace(NAMED_VALUE, (all, begin: string, name: string, value: string) =>
      isCredentialName(name) ? begin + maskValue(value) : all,
    )
    .replace(TOKEN, REDACTED)
    .replace(URL_LOGIN, `$1${REDACTED}@`);
}

/** `"name": "value"`, `name=value`, `<name>value`, with what belongs to them cut off or not. */
const NAMED_VALUE =
  /(\\*["']?([A-Za-z][\w.-]{0,99})\\*["']?\s*[:=>]\s*)(\\+"[^"\\]*(?:\\+")?|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s,;&<>{}[\]"']+)/g;
const TOKEN = /\b(?:bearer|basic|token)\s+[\w.~+/=-]{8,}|\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/gi;
const URL_LOGIN = /(:\/\/)[^\s/@"']*@/g;

/** Leaves the quotes, so that it still shows what kind of value there was. */
function maskValue(value: string): string {
  const quote = /^\\*["']/.exec(value)?.[0] ?? '';
  const isClosed = quote !== '' && value.length > quote.length && value.endsWith(quote);
  return `${quote}${REDACTED}${isClosed ? quote : ''}`;
}
