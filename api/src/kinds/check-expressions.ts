/** Entry point of the bundle that the PocketBase service runs to validate expressions when a record is saved. */

import { makeCompileBudget } from '../expressions/compile-budget.ts';
import { KIND_NAMES, kindOf } from './index.ts';

/** Returns problems by field; empty if the record may be saved. `read` returns a field as text, JSON fields as JSON. */
export function checkRecord(collection: string, read: (field: string) => string): Record<string, string> {
  const kind = KIND_NAMES.find((name) => name === collection);
  const problems: Record<string, string> = {};
  const budget = makeCompileBudget();
  for (const [field, check] of Object.entries(kind ? kindOf(kind).expressions : {})) {
    const problem = check(read(field), budget);
    if (problem !== undefined) problems[field] = problem;
  }
  return problems;
}
