import { daysBefore, hourOf, type Zone } from './zone.ts';

/** The value that was evaluated at (or up to five minutes before) a moment; undefined: none was. */
export type ValueAt = (time: number) => number | undefined;

export const SLOT_MS = 5 * 60_000;
const WEEKS = [1, 2, 3, 4];
const FEWEST_WEEKS = 2;
const SLOTS_AN_HOUR = 12;
const MINUTE = 60_000;

/**
 * What is usual at this weekday and hour by the site's clock: of each of the last 4 weeks the mean of that hour, and of those
 * the median, so that one holiday, launch or outage among them does not shift it. Undefined: fewer than 2 weeks are known.
 */
export function baselineOf(zone: Zone, valueAt: ValueAt, now: number): number | undefined {
  const means = WEEKS.flatMap((week) => meanOfHour(zone, valueAt, daysBefore(zone, now, 7 * week)) ?? []);
  return means.length < FEWEST_WEEKS ? undefined : median(means);
}

/** The same for many moments: each hour is reckoned once. */
export function createBaselines(zone: Zone, valueAt: ValueAt): ValueAt {
  return remembered(
    (time) => hourOf(zone, time),
    (hour) => baselineOf(zone, valueAt, hour),
  );
}

/** `silentAfter` for many moments: each 5 minutes are reckoned once. @param valueAt of windows of 5 minutes */
export function createSilences(zone: Zone, valueAt: ValueAt): ValueAt {
  return remembered(
    (time) => Math.floor(time / SLOT_MS) * SLOT_MS,
    (slot) => silentAfter(zone, valueAt, slot),
  );
}

/** Moments of the same part of time have the same value. */
function remembered(partOf: (time: number) => number, read: ValueAt): ValueAt {
  const known = new Map<number, number | undefined>();
  return (time) => {
    const part = partOf(time);
    if (!known.has(part)) known.set(part, read(part));
    return known.get(part);
  };
}

/** An hour of which less than half is known is not known. */
function meanOfHour(zone: Zone, valueAt: ValueAt, time: number): number | undefined {
  const start = hourOf(zone, time);
  const values = Array.from({ length: SLOTS_AN_HOUR }, (_, slot) => valueAt(start + slot * SLOT_MS)).filter(
    (value) => value !== undefined,
  );
  if (values.length < SLOTS_AN_HOUR / 2) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

const SHORTEST_SILENCE_MS = 30 * MINUTE;
const USUAL_GAPS = 5;
const DAY_SLOTS = 288;

/**
 * After how long without a hit a site counts as silent: the longer of 30 minutes and five times the usual gap between visitors
 * at this hour. Without two weeks of history the last day's average stands for it; undefined: that nobody comes is usual.
 * @param valueAt of windows of 5 minutes
 */
export function silentAfter(zone: Zone, valueAt: ValueAt, now: number): number | undefined {
  const usual = baselineOf(zone, valueAt, now) ?? meanOfLastDay(valueAt, now);
  if (!usual) return undefined;
  return Math.max(SHORTEST_SILENCE_MS, Math.round((USUAL_GAPS * SLOT_MS) / usual));
}

function meanOfLastDay(valueAt: ValueAt, now: number): number | undefined {
  const values = Array.from({ length: DAY_SLOTS }, (_, slot) => valueAt(now - slot * SLOT_MS)).filter(
    (value) => value !== undefined,
  );
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
