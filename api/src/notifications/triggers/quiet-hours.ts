import type { QuietHours } from '../../model/notifications.ts';
import { minuteOfDay, type Zone } from './zone.ts';

const MINUTE = 60_000;
const DAY_MINUTES = 24 * 60;

/**
 * Whether the clock on the wall is between `from` (included) and `to` (not). An hour that comes twice in autumn is quiet twice;
 * of one that is skipped in spring nothing is left to be quiet in. The same `from` and `to`: never quiet.
 */
export function isQuiet(hours: QuietHours | null, zone: Zone, time: number): boolean {
  if (!hours) return false;
  const minute = minuteOfDay(zone, time);
  const from = parseMinute(hours.from);
  const to = parseMinute(hours.to);
  return from <= to ? from <= minute && minute < to : from <= minute || minute < to;
}

/** When a notification of what happened at `time` may be sent: then, or when the quiet hours end. */
export function allowedAt(hours: QuietHours | null, zone: Zone, time: number): number {
  if (!hours || !isQuiet(hours, zone, time)) return time;
  const minutes = (parseMinute(hours.to) - minuteOfDay(zone, time) + DAY_MINUTES) % DAY_MINUTES;
  const end = Math.floor(time / MINUTE + minutes) * MINUTE;
  const moved = end + zone.offsetAt(time) - zone.offsetAt(end);
  return Math.max(moved, time);
}

/** `22:30` → 1350. */
export function parseMinute(text: string): number {
  const [hours, minutes] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
}
