import { failure } from './errors.ts';

/**
 * How much one evaluation may do: about 50 ms. Counted instead of timed, so that the same event has the same
 * result on a slow or busy machine, and so that calls into the engine, which no timer interrupts, count as well.
 */
export const MAX_WORK = 1_000_000;

/** Longest text and list that an operator or a function may make. */
export const MAX_TEXT = 1024 * 1024;
const MAX_LIST = 100_000;

/** What is left of the work; shared by all the expressions of a template. */
export interface Meter {
  left: number;
}

const CHARACTERS_PER_STEP = 32;

export function spend(meter: Meter, steps: number): void {
  meter.left -= steps;
  if (meter.left < 0) throw EXHAUSTED;
}

/** Steps to look at all of a value, deep; stops counting once it is more than there is left. */
export function weigh(value: unknown, limit: number): number {
  if (typeof value === 'string') return 1 + value.length / CHARACTERS_PER_STEP;
  if (typeof value !== 'object' || value === null) return 1;
  let steps = 1;
  for (const member of membersOf(value)) {
    steps += weigh(member, limit - steps);
    if (steps > limit) break;
  }
  return steps;
}

function membersOf(value: object): Iterable<unknown> {
  if (Array.isArray(value)) return value;
  return value instanceof Map ? value.values() : Object.values(value);
}

/** Steps to search `text` for `wanted` in the worst case. */
export function weighSearch(text: string, wanted: string): number {
  return 1 + (text.length * Math.max(1, wanted.length)) / CHARACTERS_PER_STEP;
}

export function ensureLength(text: number, list: number): void {
  if (text > MAX_TEXT) throw failure(`a text would be longer than ${MAX_TEXT} characters`);
  if (list > MAX_LIST) throw failure(`a list would be longer than ${MAX_LIST} elements`);
}

/** One object for all: a list of errors that are only counted must not cost more than the work they report. */
export const EXHAUSTED = failure('the expression has too much to do for this event: its lists or texts are too large');
