import { Dicer } from '@fastify/busboy';
import { type JsonLimits, type ParsedJson, parseJson, shapeOf } from '../expressions/index.ts';
import { readHeaderText } from '../model/header-text.ts';
import { decodeText, encodingOf, utf8TextOf } from './charset.ts';
import { isJson, isText, type MediaType, readMediaType } from './media-type.ts';

/** More are refused before anything is built: each part costs the parser a stream. */
const MAX_PARTS = 1_000;

interface Part {
  name: string;
  /** Undefined: a field. */
  filename: string | undefined;
  contentType: string;
  bytes: Buffer;
}

/**
 * `multipart/form-data` (RFC 7578) → its fields by name, as in other forms: texts, JSON where the part says so, and for a file
 * what is known about it (`filename`, `content_type`, `size`). A repeated name becomes a list.
 */
export function parseMultipart(raw: Buffer, { boundary }: MediaType, limits: JsonLimits): ParsedJson {
  if (countParts(raw, boundary) > MAX_PARTS) return tooLarge(`the form has more than ${MAX_PARTS} parts`);
  const parts = readParts(withLineEnds(raw, boundary), boundary);
  // RFC 7578, 4.6
  const charset = parts.find(({ name }) => name === '_charset_')?.bytes.toString('latin1') ?? '';
  const fields = new Map<string, unknown[]>();
  let left = limits.values;
  for (const part of parts) {
    const read = readValue(part, charset, { ...limits, values: left });
    if (!read.ok) return read;
    left -= read.used;
    if (left < 0) return tooLarge(`the form has more than ${limits.values} names and values`);
    const before = fields.get(part.name);
    if (before) before.push(read.value);
    else fields.set(part.name, [read.value]);
  }
  const entries = [...fields].map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
  return { ok: true, value: Object.fromEntries(entries) };
}

function tooLarge(message: string): ParsedJson & { ok: false } {
  return { ok: false, message, tooLarge: true };
}

function countParts(raw: Buffer, boundary: string): number {
  const line = Buffer.from(`--${boundary}`, 'latin1');
  let count = 0;
  for (let at = raw.indexOf(line); at !== -1 && count <= MAX_PARTS + 1; at = raw.indexOf(line, at + line.length))
    count++;
  // The last one ends the form.
  return count - 1;
}

/**
 * Scripts that put a form together themselves end its lines with LF alone, and some put blanks behind a boundary (RFC 2046,
 * 5.1.1, allows it); the parser knows neither. The first boundary tells. Sizes of files then count the line ends that were put in.
 */
function withLineEnds(raw: Buffer, boundary: string): Buffer {
  const line = `--${boundary}`;
  const behind = raw.indexOf(line, 0, 'latin1') + line.length;
  const [, blanks = '', end] = /^([ \t]*)(\r?\n)/.exec(raw.toString('latin1', behind, behind + LINE_END_LENGTH)) ?? [];
  if (end === undefined || (end === '\r\n' && blanks === '')) return raw;
  const text = raw.toString('latin1');
  const trimmed = blanks === '' ? text : text.replaceAll(`${line}${blanks}${end}`, () => `${line}${end}`);
  return Buffer.from(end === '\r\n' ? trimmed : trimmed.replace(/\r?\n/g, '\r\n'), 'latin1');
}

const LINE_END_LENGTH = 100;

/** The parser works through a body that is there as a whole at once; what it has found can be read when it returns. */
function readParts(raw: Buffer, boundary: string): Part[] {
  const found: { headers: Record<string, string[]>; stream: NodeJS.ReadableStream }[] = [];
  const parser = new Dicer({ boundary });
  parser.on('part', (stream) => {
    stream.on('header', (headers) => found.push({ headers: headers as Record<string, string[]>, stream }));
    stream.on('error', ignore);
  });
  // The end may be missing: what came before it counts all the same.
  parser.on('preamble', (stream) => stream.on('error', ignore).resume()).on('error', ignore);
  parser.end(raw);
  return found.flatMap(({ headers, stream }) => {
    const disposition = headers['content-disposition']?.[0] ?? '';
    const name = dispositionParameter(disposition, 'name');
    if (name === undefined) return [];
    const filename = dispositionParameter(disposition, 'filename');
    const bytes = (stream.read() as Buffer | null) ?? Buffer.alloc(0);
    return [{ name, filename, contentType: headers['content-type']?.[0] ?? '', bytes }];
  });
}

function ignore(): void {}

/** `form-data; name="a"; filename*=UTF-8''b.txt` (RFC 7578, 4.2 and RFC 5987); browsers escape quotes as `%22` or `\"`. */
function dispositionParameter(disposition: string, wanted: string): string | undefined {
  let plain: string | undefined;
  for (const [, name = '', extended, quoted, token] of disposition.matchAll(PARAMETER)) {
    if (name.toLowerCase() !== wanted) continue;
    if (extended) return decodeExtended(token ?? quoted ?? '');
    plain ??= readHeaderText(quoted?.replace(/\\"/g, '"') ?? token ?? '').replace(/%22/g, '"');
  }
  return plain;
}

const PARAMETER = /;\s*([\w-]+)(\*?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))/g;

function decodeExtended(value: string): string {
  const text = value.replace(/^[\w-]*'[^']*'/, '');
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

type Read = { ok: true; value: unknown; used: number } | (ParsedJson & { ok: false });

/** Counts as other forms do: a name and a value, and what JSON holds. */
function readValue({ filename, contentType, bytes }: Part, charset: string, limits: JsonLimits): Read {
  const media = readMediaType(contentType);
  if (filename !== undefined || !(isText(media) || isJson(media))) {
    const file = { filename: filename ?? '', content_type: contentType, size: bytes.length };
    return { ok: true, value: file, used: 5 };
  }
  const encoding = encodingOf(bytes, { ...media, charset: media.charset || charset });
  const text = decodeText(bytes, encoding, utf8TextOf(bytes)) ?? bytes.toString('utf8');
  const shape = isJson(media) ? shapeOf(text, limits) : undefined;
  if (shape?.ok === false && shape.reason === 'too_large') return tooLarge(shape.message);
  const parsed = shape?.ok ? parseJson(text) : undefined;
  return parsed?.ok && shape?.ok
    ? { ok: true, value: parsed.value, used: 2 + shape.values }
    : { ok: true, value: text, used: 2 };
}
