import type { Environment } from '@marcbachmann/cel-js';
import { failure } from './errors.ts';

/** Functions that rules for webhooks need and CEL lacks. */
export function registerFunctions(environment: Environment): void {
  environment.registerFunction('string.truncate(int): string', truncate, SYNC);
  environment.registerFunction('string.replace(string, string): string', replace, SYNC);
  environment.registerFunction('fixed(double, int): string', fixed, SYNC);
  environment.registerFunction('fixed(int, int): string', fixed, SYNC);
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
