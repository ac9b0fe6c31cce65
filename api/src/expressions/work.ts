import { describe, type ExpressionError, failure } from './errors.ts';
import { MAX_RENDERED, MAX_WORK, type Meter } from './meter.ts';

/** Longest text and list that an operator or a function may make. */
export const MAX_TEXT = 1024 * 1024;
const MAX_LIST = 100_000;

/** @throws EXHAUSTED, before the work is done; what was left is used up then, since measuring the work took time, too */
export function spend(meter: Meter, steps: number): void {
  if (!canSpend(meter, steps)) throw EXHAUSTED;
}

function canSpend(meter: Meter, steps: number): boolean {
  if (!meter.exhausted && meter.left - steps >= meter.floor) {
    meter.left -= steps;
    return true;
  }
  meter.left = Math.min(meter.left, meter.floor);
  meter.exhausted = true;
  return false;
}

/** Charges a body of so many characters that was rendered; the result says why it is too much. */
export function chargeBody(meter: Meter, characters: number): ExpressionError | undefined {
  if (!canSpend(meter, weighWriting(characters))) return describe(EXHAUSTED, '');
  meter.rendered -= characters;
  return meter.rendered >= 0 ? undefined : TOO_MUCH_RENDERED;
}

const TOO_MUCH_RENDERED = {
  message: `The bodies for this event are larger than ${MAX_RENDERED} characters together; send less of it, or leave templates empty to pass it on as it is.`,
};

const CHARACTERS_PER_STEP = 32;
/** Writing characters as JSON, and fitting them to a destination, takes longer than reading them. */
const CHARACTERS_WRITTEN_PER_STEP = 16;

/** Steps to write a value of so many characters into a result. */
export function weighWriting(characters: number): number {
  return 3 + characters / CHARACTERS_WRITTEN_PER_STEP;
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
export const EXHAUSTED = failure(
  `the expression has too much to do for this event: its lists or texts are too large. All rules of an event share ${MAX_WORK} steps; read less of it, or let the filter decide by small fields first`,
);
