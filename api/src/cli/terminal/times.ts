import { parseDuration } from '../../model/duration.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
] as const;

/** `3m ago`, `in 5s`, `now`; `time` is RFC 3339, `now` milliseconds since the epoch. */
export function relativeTime(time: string, now: number): string {
  const distance = Date.parse(time) - now;
  const unit = UNITS.find(([milliseconds]) => Math.abs(distance) >= milliseconds);
  if (!unit) return 'now';
  const amount = `${Math.floor(Math.abs(distance) / unit[0])}${unit[1]}`;
  return distance < 0 ? `${amount} ago` : `in ${amount}`;
}

/** Local time of day, for continuous output. */
export function clockTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}

/** Local time of day, `12:01`, with its date when that is another day: `2026-11-23 12:01`. `time` is RFC 3339. */
export function shortTime(time: string, now: number): string {
  const date = new Date(time);
  const timeOfDay = clockTime(date.getTime()).slice(0, 5);
  if (date.toDateString() === new Date(now).toDateString()) return timeOfDay;
  const day = [date.getMonth() + 1, date.getDate()].map((n) => String(n).padStart(2, '0'));
  return `${[date.getFullYear(), ...day].join('-')} ${timeOfDay}`;
}

/**
 * A duration from now (`12h`, `90d`) or a date, as RFC 3339.
 * @throws CommandError `usage`
 */
export function parseUntil(text: string, now: number): string {
  return parseTime(text, (duration) => now + duration, '12h, 90d');
}

/**
 * A duration before now (`15m`, `1h`, `7d`) or a date, as RFC 3339.
 * @throws CommandError `usage`
 */
export function parseSince(text: string, now: number): string {
  return parseTime(text, (duration) => now - duration, '15m, 1h, 7d');
}

/** Matches a day (UTC) or an RFC 3339 time, local without an offset. Needed because `Date.parse` accepts `foo 1`. */
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

function parseTime(text: string, ofDuration: (milliseconds: number) => number, durations: string): string {
  const duration = parseDuration(text);
  const date = DATE.test(text) ? Date.parse(text) : Number.NaN;
  const time = new Date(duration === undefined ? date : ofDuration(duration));
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new CommandError(
    EXIT.usage,
    `"${text}" is no time: write a duration such as ${durations}, a date such as 2026-01-31, or a time such as 2026-01-31T12:00Z.`,
  );
}
