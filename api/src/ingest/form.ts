import type { JsonLimits } from '../expressions/index.ts';

/** Bytes of a name or a value, its escapes resolved → text. */
type Decode = (bytes: Buffer) => string;

/**
 * Parses `application/x-www-form-urlencoded` as URLSearchParams does; fields in the order of first appearance.
 * Takes time linear in the bytes, however many fields or escapes there are.
 * @returns undefined when the limits are exceeded. A field counts as two values, its name and its value.
 */
export function parseForm(
  raw: Buffer,
  limits: JsonLimits,
  decode: Decode = decodeUtf8,
): Map<string, string[]> | undefined {
  if (countFields(raw) * 2 > limits.values) return undefined;
  const fields = new Map<string, string[]>();
  const scratch = Buffer.allocUnsafe(raw.length);
  // URLSearchParams drops a leading "?" too.
  let start = raw[0] === QUESTION_MARK ? 1 : 0;
  while (start < raw.length) {
    const found = raw.indexOf(AMPERSAND, start);
    const end = found === -1 ? raw.length : found;
    if (end > start) {
      const equals = start + indexOrLength(raw.subarray(start, end), EQUALS);
      add(fields, decode(bytesOf(raw, start, equals, scratch)), decode(bytesOf(raw, equals + 1, end, scratch)));
      if (fields.size > limits.names) return undefined;
    }
    start = end + 1;
  }
  return fields;
}

function countFields(raw: Buffer): number {
  let count = 1;
  for (let i = 0; i < raw.length; i++) if (raw[i] === AMPERSAND) count++;
  return count;
}

function indexOrLength(bytes: Buffer, byte: number): number {
  const index = bytes.indexOf(byte);
  return index === -1 ? bytes.length : index;
}

function add(fields: Map<string, string[]>, name: string, value: string): void {
  const values = fields.get(name);
  if (values) values.push(value);
  else fields.set(name, [value]);
}

const decodeUtf8: Decode = (bytes) => bytes.toString('utf8');

/** The bytes that a piece stands for; valid until `scratch` is used again. */
function bytesOf(raw: Buffer, start: number, end: number, scratch: Buffer): Buffer {
  let length = 0;
  for (let i = start; i < end; i++) {
    const byte = raw[i] as number;
    const high = byte === PERCENT && i + 2 < end ? hexDigit(raw[i + 1]) : -1;
    const low = high === -1 ? -1 : hexDigit(raw[i + 2]);
    if (low !== -1) i += 2;
    scratch[length++] = low === -1 ? (byte === PLUS ? BLANK : byte) : high * 16 + low;
  }
  return scratch.subarray(0, length);
}

/** The value of a hexadecimal digit; -1 for other characters. */
function hexDigit(code = 0): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

const AMPERSAND = 0x26;
const EQUALS = 0x3d;
const PERCENT = 0x25;
const PLUS = 0x2b;
const BLANK = 0x20;
const QUESTION_MARK = 0x3f;
