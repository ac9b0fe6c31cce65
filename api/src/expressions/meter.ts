/**
 * How much all the expressions of one event may do together: about 50 ms. Counted instead of timed, so that the same
 * event has the same result on a slow or busy machine, and so that calls into the engine, which no timer interrupts,
 * count as well.
 */
export const MAX_WORK = 1_000_000;

/** What each mapping of an event has, whatever the others take. */
const MIN_SHARE = 2_500;

/** Characters of all bodies rendered for an event, together. */
export const MAX_RENDERED = 8 * 1024 * 1024;

/** What is left of an event's work. */
export interface Meter {
  left: number;
  /** What stays for others. */
  floor: number;
  /** More was wanted than there was. Functions that swallow errors must not swallow this one. */
  exhausted: boolean;
  /** Characters that bodies may still have. */
  rendered: number;
}

export function makeMeter(): Meter {
  return { left: MAX_WORK, floor: 0, exhausted: false, rendered: MAX_RENDERED };
}

/** What the rules of all events of one request may do together: about 250 ms. */
const MAX_BATCH_WORK = 5 * MAX_WORK;

/**
 * A meter for each event of a request that was split, in their order. An event has its part of what those before it left, so that
 * none takes from those behind it; the characters of rendered bodies are counted over all of them.
 */
export function metersFor(events: number): { next(): Meter } {
  let left = MAX_BATCH_WORK;
  let without = events;
  let last: { meter: Meter; given: number } | undefined;
  return {
    next() {
      if (last) left -= last.given - last.meter.left;
      const given = Math.min(MAX_WORK, left / Math.max(1, without--));
      last = { meter: { ...makeMeter(), left: given, rendered: last?.meter.rendered ?? MAX_RENDERED }, given };
      return last.meter;
    },
  };
}

/** Steps that were taken of an event's work. */
export function workDone(meter: Meter): number {
  return MAX_WORK - meter.left;
}

/**
 * Lets one of several take from the meter: half of what is there, and all of it when nobody comes after. So one greedy
 * rule leaves enough for the next ones, and many of them still leave MIN_SHARE to each.
 * @param others that come after it
 */
export function withShare<T>(meter: Meter, others: number, work: () => T): T {
  reserve(meter, others);
  try {
    return work();
  } finally {
    release(meter);
  }
}

/** As `withShare`, for work that lets others have their turn; nobody else may take from this meter meanwhile. */
export async function withShareInTurns<T>(meter: Meter, others: number, work: () => Promise<T>): Promise<T> {
  reserve(meter, others);
  try {
    return await work();
  } finally {
    release(meter);
  }
}

function reserve(meter: Meter, others: number): void {
  const reserved = Math.min(MIN_SHARE, meter.left / (others + 1));
  const spare = meter.left - reserved * (others + 1);
  meter.floor = others === 0 ? 0 : reserved * others + spare / 2;
}

function release(meter: Meter): void {
  meter.floor = 0;
  meter.exhausted = false;
}
