import { parseDuration } from '../model/duration.ts';
import type { Random } from '../model/ids.ts';

/** Delays before each try, the first one included: about 3 days, the example of the Standard Webhooks specification. */
export const DEFAULT_SCHEDULE: readonly string[] = ['0s', '5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h'];

/** ±20 %, so that deliveries that failed together don't come back together. */
const JITTER = 0.2;

/** So often a destination may ask one delivery to slow down before that costs a try. */
export const FREE_THROTTLES = 20;
const FIRST_THROTTLE_MS = 1_000;
const LONGEST_THROTTLE_MS = 300_000;

/** Durations → milliseconds; undefined when one of them can't be read. */
export function parseSchedule(durations: readonly string[]): number[] | undefined {
  const schedule = durations.map(parseDuration);
  return schedule.every((delay) => delay !== undefined) ? schedule : undefined;
}

/** Milliseconds until the try after `triesUsed` tries; undefined when the schedule has no more. */
export function nextDelay(schedule: readonly number[], triesUsed: number, random: Random): number | undefined {
  const delay = schedule[triesUsed];
  return delay === undefined ? undefined : varied(delay, random);
}

/**
 * Milliseconds to wait when a destination asks to slow down: what it asks for, yet at least twice as long each time, up to 5 minutes,
 * so that one that always says "at once" is not asked every second.
 *
 * @param throttles how often the delivery was throttled before
 */
export function throttlePause(asked: number, throttles: number, random: Random): number {
  const least = Math.min(FIRST_THROTTLE_MS * 2 ** throttles, LONGEST_THROTTLE_MS);
  return Math.max(asked, varied(least, random));
}

function varied(delay: number, random: Random): number {
  return Math.round(delay * (1 + JITTER * (2 * random() - 1)));
}
