import { startOfDay, type Zone } from './zone.ts';

const DAY = 86_400_000;

/**
 * When the summary's window that `time` lies in ends. Windows of days begin at midnight by the site's clock; shorter ones follow
 * each other from midnight, the last one of a day ending with it.
 */
export function windowEnd(zone: Zone, time: number, windowMs: number): number {
  if (windowMs >= DAY) return startOfDay(zone, time, Math.floor(windowMs / DAY));
  return Math.min(windowStart(zone, time, windowMs) + windowMs, startOfDay(zone, time, 1));
}

/** When the window that `time` lies in begins, of those shorter than a day; of longer ones the day's start. */
export function windowStart(zone: Zone, time: number, windowMs: number): number {
  const midnight = startOfDay(zone, time);
  return windowMs >= DAY ? midnight : midnight + Math.floor((time - midnight) / windowMs) * windowMs;
}
