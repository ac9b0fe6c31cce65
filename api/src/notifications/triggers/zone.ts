import type { Zone } from '../../model/zone.ts';

export { createZone, type Zone, zoneOrUtc } from '../../model/zone.ts';

const MINUTE = 60_000;
const HOUR = 3_600_000;
const DAY = 86_400_000;
/** Minutes since midnight by the clock on the wall. */
export function minuteOfDay(zone: Zone, time: number): number {
  const local = time + zone.offsetAt(time);
  return Math.floor((((local % DAY) + DAY) % DAY) / MINUTE);
}

/** The date on the wall, `2026-03-29`. */
export function dayOf(zone: Zone, time: number): string {
  return new Date(time + zone.offsetAt(time)).toISOString().slice(0, 10);
}

/** `14:05` by the clock on the wall. */
export function clockOf(zone: Zone, time: number): string {
  return new Date(time + zone.offsetAt(time)).toISOString().slice(11, 16);
}

/** The first moment of the hour that the clock on the wall shows. */
export function hourOf(zone: Zone, time: number): number {
  const local = time + zone.offsetAt(time);
  return time - (((local % HOUR) + HOUR) % HOUR);
}

/** The first moment of the day that is so many days after the day of `time`; 0: of that very day. */
export function startOfDay(zone: Zone, time: number, days = 0): number {
  const local = time + zone.offsetAt(time);
  return fromWall(zone, Math.floor(local / DAY) * DAY + days * DAY);
}

/** The same time on the wall so many days before. */
export function daysBefore(zone: Zone, time: number, days: number): number {
  return fromWall(zone, time + zone.offsetAt(time) - days * DAY);
}

/**
 * The moment at which the wall shows a time (milliseconds as if the wall were UTC's). A time that is skipped in spring is the
 * moment of the change's end, shifted by as much; one that comes twice in autumn is the first.
 */
export function fromWall(zone: Zone, wall: number): number {
  const before = wall - zone.offsetAt(wall - DAY);
  if (before + zone.offsetAt(before) === wall) return before;
  const after = wall - zone.offsetAt(wall + DAY);
  return after + zone.offsetAt(after) === wall ? after : before;
}
