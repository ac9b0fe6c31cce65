import { parseDuration } from '../model/duration.ts';
import type { Random } from '../model/ids.ts';

/** Delays before each try, the first one included: about 3 days, the example of the Standard Webhooks specification. */
export const DEFAULT_SCHEDULE: readonly string[] = ['0s', '5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h'];

/** Jitter of ±20 %, so that deliveries that failed together aren't retried together. */
const JITTER = 0.2;

/** How often one delivery may be throttled (429) before each further time uses up a try. */
export const FREE_THROTTLES = 20;
const FIRST_THROTTLE_MS = 1_000;
const LONGEST_THROTTLE_MS = 300_000;

/** Durations → milliseconds; undefined when one of them can't be read. */
export function parseSchedule(durations: readonly string[]): number[] | undefined {
  const schedule = durations.map(parseDuration);
  return schedule.every((delay) => delay !== undefined) ? schedule : undefined;
}

/** Milliseconds until the next try, after `triesUsed` tries; undefined when the schedule is used up. */
export function nextDelay(schedule: readonly number[], triesUsed: number, random: Random): number | undefined {
  const delay = schedule[triesUsed];
  return delay === undefined ? undefined : varied(delay, random);
}

/**
 * Milliseconds to wait when a destination asks to slow down: what Retry-After says, but at least a minimum that doubles each
 * time, up to 5 minutes, so that a destination that always answers "Retry-After: 0" isn't called every second.
 *
 * @param throttles how often the delivery has been throttled before
 */
export function throttlePause(asked: number, throttles: number, random: Random): number {
  const least = Math.min(FIRST_THROTTLE_MS * 2 ** throttles, LONGEST_THROTTLE_MS);
  return Math.max(asked, varied(least, random));
}

function varied(delay: number, random: Random): number {
  return Math.round(delay * (1 + JITTER * (2 * random() - 1)));
}
