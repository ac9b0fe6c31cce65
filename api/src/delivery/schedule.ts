import { parseDuration } from '../model/duration.ts';
import type { Random } from '../model/ids.ts';

/** Delays before each try, the first one included: about 3 days, the example of the Standard Webhooks specification. */
export const DEFAULT_SCHEDULE: readonly string[] = ['0s', '5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h'];

/** ±20 %, so that deliveries that failed together don't come back together. */
const JITTER = 0.2;

/** Durations → milliseconds; undefined when one of them can't be read. */
export function parseSchedule(durations: readonly string[]): number[] | undefined {
  const schedule = durations.map(parseDuration);
  return schedule.every((delay) => delay !== undefined) ? schedule : undefined;
}

/** Milliseconds until the try after `triesUsed` tries; undefined when the schedule has no more. */
export function nextDelay(schedule: readonly number[], triesUsed: number, random: Random): number | undefined {
  const delay = schedule[triesUsed];
  return delay === undefined ? undefined : Math.round(delay * (1 + JITTER * (2 * random() - 1)));
}
