import { isUtf8 } from 'node:buffer';
import { isJson, isXml, type MediaType } from './media-type.ts';

const UTF8 = 'utf-8';

/**
 * The name of an encoding by any of its labels (https://encoding.spec.whatwg.org/#names-and-labels), or by a name that Java,
 * Python or Windows have for it; undefined: there is none.
 */
export function encodingByLabel(label: string): string | undefined {
  if (UTF8_LABEL.test(label)) return UTF8;
  const bare = label.toLowerCase().replace(/[\s_-]/g, '');
  return standardEncoding(label) ?? standardEncoding(bare) ?? OTHER_LABELS.get(bare);
}

function standardEncoding(label: string): string | undefined {
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

const UTF8_LABEL = /^utf-?8$/i;
/** Without hyphens and underscores. */
const OTHER_LABELS: ReadonlyMap<string, string> = new Map([
  ['utf16', 'utf-16le'],
  ['utf16le', 'utf-16le'],
  ['utf16be', 'utf-16be'],
  ['latin9', 'iso-8859-15'],
  ['eucjp', 'euc-jp'],
  ['cp932', 'shift_jis'],
  ['cp936', 'gbk'],
  ['ms936', 'gbk'],
  ['cp949', 'euc-kr'],
  ['ms949', 'euc-kr'],
  ['cp950', 'big5'],
  ['ms950', 'big5'],
]);

/**
 * The encoding of a body: a byte order mark decides, then the declared charset, then what the body itself says; else
 * UTF-8. Labels that nobody knows, such as `binary`, declare nothing.
 */
export function encodingOf(raw: Buffer, media: MediaType): string {
  return markedEncoding(raw) ?? declaredEncoding(raw, media) ?? ownEncoding(raw, media) ?? UTF8;
}

/** https://encoding.spec.whatwg.org/#bom-sniff */
function markedEncoding(raw: Buffer): string | undefined {
  const [first, second] = raw;
  if (first === 0xef) return raw.subarray(0, 3).equals(UTF8_MARK) ? UTF8 : undefined;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined;
}

/**
 * Whoever declares ASCII and sends UTF-8 says nothing about what is beyond ASCII. JSON is UTF-8 (RFC 8259, 8.1): where it can be,
 * a declared encoding of single bytes, with which no bytes are wrong, is a server's default. UTF-16 without `le` or `be`
 * shows its order by its first character.
 */
function declaredEncoding(raw: Buffer, media: MediaType): string | undefined {
  const { charset } = media;
  if (charset === '') return undefined;
  const encoding = encodingByLabel(charset);
  const isDoubtful = ASCII_LABEL.test(charset) || (isJson(media) && SINGLE_BYTES.test(encoding ?? ''));
  if (isDoubtful && isUtf8(raw)) return UTF8;
  return encoding === 'utf-16le' && !/le$/i.test(charset) && raw[0] === 0 && raw[1] !== 0 ? 'utf-16be' : encoding;
}

const ASCII_LABEL = /ascii|^ansi_x3/i;
const SINGLE_BYTES = /^(?:iso-8859|windows-|koi8|macintosh|x-mac|ibm866)/;

/** JSON in UTF-16 shows by its first two characters (RFC 4627, 3); XML tells in its first line. */
function ownEncoding(raw: Buffer, media: MediaType): string | undefined {
  if (isJson(media)) {
    if (raw[1] === 0 && raw[0] !== 0) return 'utf-16le';
    return raw[0] === 0 && raw.length > 1 && raw[1] !== 0 ? 'utf-16be' : undefined;
  }
  if (!isXml(media)) return undefined;
  const label = XML_ENCODING.exec(raw.toString('latin1', 0, XML_DECLARATION_LENGTH))?.[1];
  const encoding = label === undefined ? undefined : encodingByLabel(label);
  // A declaration that can be read byte by byte is not in UTF-16, whatever it says: .NET writes that.
  return encoding?.startsWith('utf-16') ? UTF8 : encoding;
}

const XML_ENCODING = /^\s*<\?xml\s[^>]*\bencoding\s*=\s*["']([\w.:-]+)["']/;
const XML_DECLARATION_LENGTH = 200;

/**
 * The text without byte order marks; undefined if the bytes are not valid in the encoding.
 * @param utf8 utf8TextOf(raw)
 */
export function decodeText(raw: Buffer, encoding: string, utf8: string | undefined): string | undefined {
  const text = encoding === UTF8 ? utf8 : decodeStrictly(raw, encoding);
  return text?.startsWith(MARK) ? text.replace(MARKS, '') : text;
}

function decodeStrictly(raw: Buffer, encoding: string): string | undefined {
  if (encoding === WINDOWS_1252) return decodeWindows1252(raw);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(raw);
  } catch {
    return undefined;
  }
}

/** Decodes UTF-8, byte order marks included; undefined when the bytes are not valid UTF-8. */
export function utf8TextOf(raw: Buffer): string | undefined {
  return isUtf8(raw) ? raw.toString('utf8') : undefined;
}

/** Decodes a body or pieces of it, with replacement characters for what is not valid. Undefined for UTF-8, the default everywhere. */
export function pieceDecoder(encoding: string): ((bytes: Buffer) => string) | undefined {
  if (encoding === UTF8) return undefined;
  if (encoding === WINDOWS_1252) return decodeWindows1252;
  const decoder = new TextDecoder(encoding);
  return (bytes) => decoder.decode(bytes);
}

const WINDOWS_1252 = 'windows-1252';
/** What bytes 0x80 to 0x9f mean, in order. */
const WINDOWS_1252_EXTRAS = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';

/** Several releases of Node, 20 from 20.18.3 on, take it for ISO-8859-1 (https://github.com/nodejs/node/issues/56542). */
function decodeWindows1252(raw: Buffer): string {
  return raw
    .toString('latin1')
    .replace(/[\x80-\x9f]/g, (byte) => WINDOWS_1252_EXTRAS.charAt(byte.charCodeAt(0) - 0x80));
}

/** .NET and PowerShell write a byte order mark; what is put together of such pieces may begin with two. */
const MARK = '\ufeff';
const MARKS = /^\ufeff+/;
const UTF8_MARK = Buffer.from(MARK);

/** The bytes behind the UTF-8 byte order marks that they begin with. */
export function withoutMarks(raw: Buffer): Buffer {
  let start = 0;
  while (raw.subarray(start, start + UTF8_MARK.length).equals(UTF8_MARK)) start += UTF8_MARK.length;
  return raw.subarray(start);
}
