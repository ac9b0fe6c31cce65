import type { Environment } from '@marcbachmann/cel-js';
import { base64Decode, base64Encode, jsonDecode, jsonEncode, sha256 } from './encodings.ts';
import { failure } from './errors.ts';
import { escapeHtml, escapeMarkdown, escapeUrl } from './escapes.ts';
import { formatNumber, formatTime } from './format.ts';

/** Functions that rules for webhooks need and CEL lacks. */
export function registerFunctions(environment: Environment): void {
  environment.registerFunction('string.truncate(int): string', truncate, SYNC);
  environment.registerFunction('string.replace(string, string): string', replace, SYNC);
  environment.registerFunction('fixed(double, int): string', fixed, SYNC);
  environment.registerFunction('fixed(int, int): string', fixed, SYNC);
  for (const number of ['double', 'int']) {
    environment.registerFunction(`format(${number}, int): string`, formatNumber, SYNC);
    environment.registerFunction(`format(${number}, int, string): string`, formatNumber, SYNC);
  }
  environment.registerFunction('format(google.protobuf.Timestamp, string): string', formatTime, SYNC);
  environment.registerFunction('format(google.protobuf.Timestamp, string, string): string', formatTime, SYNC);
  environment.registerFunction('jsonDecode(string): dyn', jsonDecode, SYNC);
  environment.registerFunction('jsonEncode(dyn): string', jsonEncode, SYNC);
  environment.registerFunction('base64Decode(string): string', base64Decode, SYNC);
  environment.registerFunction('base64Encode(string): string', base64Encode, SYNC);
  environment.registerFunction('sha256(string): string', sha256, SYNC);
  environment.registerFunction('string.escapeHtml(): string', escapeHtml, SYNC);
  environment.registerFunction('string.escapeUrl(): string', escapeUrl, SYNC);
  environment.registerFunction('string.escapeMarkdown(): string', escapeMarkdown, SYNC);
  environment.registerFunction('timestamp(double): google.protobuf.Timestamp', fromSeconds, SYNC);
}

const SYNC = { async: false };

/** At most `length` characters (code points), the last an ellipsis if something was cut. */
function truncate(text: string, length: bigint): string {
  const limit = Number(length);
  if (limit < 1) throw failure('the length of truncate() must be at least 1');
  if (text.length <= limit) return text;
  const start = Array.from(text.slice(0, 2 * limit));
  const isWhole = start.length <= limit && text.length <= 2 * limit;
  return isWhole ? text : `${start.slice(0, limit - 1).join('')}…`;
}

/** Every occurrence; an empty `search` changes nothing. */
function replace(text: string, search: string, replacement: string): string {
  return search === '' ? text : text.split(search).join(replacement);
}

/** A number with exactly this many decimals, such as an amount of money. */
function fixed(value: number | bigint, digits: bigint): string {
  if (digits < 0n || digits > 20n) throw failure('the decimals of fixed() must be 0 to 20');
  return Number(value).toFixed(Number(digits));
}

/** CEL has this for ints only; in JSON every number is a double. */
function fromSeconds(seconds: number): Date {
  if (Math.abs(seconds) <= MAX_SECONDS) return new Date(seconds * 1_000);
  throw failure('timestamp() needs seconds since 1970');
}

/** The end of the year 9999. */
const MAX_SECONDS = 253_402_300_799;
