import { type Refusal, refused } from './scheme.ts';

/** Largest difference in either direction, in milliseconds: refuses replayed requests and producers with a wrong clock. */
const TOLERANCE_MS = 5 * 60_000;

/** Undefined if the time is within the tolerance. `name` is the header, `timestamp` its value: seconds in digits. */
export function checkTimestamp(name: string, timestamp: string, now: number): Refusal | undefined {
  if (!/^\d{1,12}$/.test(timestamp)) {
    return refused('timestamp_invalid', `${name} must be the seconds since 1970, in digits.`);
  }
  return checkTime(name, Number(timestamp) * 1000, now);
}

/** The same for producers that write fractions of seconds, finer units or RFC 3339: what it is shows by itself. */
export function checkAnyTimestamp(
  name: string,
  timestamp: string,
  now: number,
  tolerance?: number,
): Refusal | undefined {
  const time = toMilliseconds(timestamp.trim());
  if (Number.isNaN(time)) {
    const forms = 'the seconds or milliseconds since 1970, or a time like 2026-01-31T12:00:00Z';
    return refused('timestamp_invalid', `${name} must be ${forms}.`);
  }
  return checkTime(name, time, now, tolerance);
}

/** Units by the number of their digits, and how many are a millisecond: seconds have ten digits until the year 2286. */
const UNITS: readonly [form: RegExp, perMillisecond: number][] = [
  [/^\d{1,11}(?:\.\d{1,9})?$/, 1e-3],
  [/^\d{12,14}$/, 1],
  [/^\d{15,17}$/, 1e3],
  [/^\d{18,20}$/, 1e6],
];

function toMilliseconds(text: string): number {
  const unit = UNITS.find(([form]) => form.test(text));
  if (unit) return Math.floor(Number(text) / unit[1]);
  return /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? Date.parse(cutFraction(text)) : Number.NaN;
}

/** Engines differ in how many digits of a second's fraction they read. */
function cutFraction(text: string): string {
  return text.replace(/(\.\d{3})\d+/, '$1');
}

function checkTime(name: string, time: number, now: number, tolerance = TOLERANCE_MS): Refusal | undefined {
  const ahead = time - now;
  if (Math.abs(ahead) <= tolerance) return undefined;
  const seconds = Math.round(Math.abs(ahead) / 1000);
  return refused(
    'timestamp_out_of_tolerance',
    `${name} is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} this server's clock; up to ${tolerance / 1000} s are accepted. Check both clocks; sign again when a request is repeated.`,
  );
}
