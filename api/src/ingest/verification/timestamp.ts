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

/** The same for producers that write milliseconds or RFC 3339: what it is shows by itself. */
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

/** Seconds have ten digits until the year 2286, milliseconds have had twelve or more since 1973. */
function toMilliseconds(text: string): number {
  if (/^\d{1,11}$/.test(text)) return Number(text) * 1000;
  if (/^\d{12,14}$/.test(text)) return Number(text);
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
