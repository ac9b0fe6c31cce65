import { failure } from './errors.ts';
import type { Pattern } from './pattern.ts';

/** Parts that all the expressions of one record may have together; a check on save takes the store's engine 0.5 s for them. */
export const MAX_RECORD_PARTS = 5_000;

/** What the expressions of one record may still be made of: one budget for all of them, taken from before they are compiled. */
export interface CompileBudget {
  left: number;
  /** By their text: a pattern is compiled once for a record. */
  patterns: Map<string, Pattern>;
}

export function makeCompileBudget(): CompileBudget {
  return { left: MAX_RECORD_PARTS, patterns: new Map() };
}

/** @throws a failure, the budget being empty from then on: whoever goes on after it pays nothing for the rest */
export function take(budget: CompileBudget, parts: number): void {
  budget.left -= parts;
  if (budget.left >= 0) return;
  budget.left = -1;
  throw failure(
    `the expressions of this record are too large together: they may have ${MAX_RECORD_PARTS} parts, patterns included. Make them shorter, or use several mappings`,
  );
}
