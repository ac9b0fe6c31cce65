/** Entry of the bundle that PocketBase's hooks load: what is wrong with a record's expressions, for whoever saves it. */

import { makeCompileBudget } from '../expressions/compile-budget.ts';
import { KIND_NAMES, kindOf } from './index.ts';

/** What is wrong, by field; empty when the record can be saved. `read` gives a field's text, JSON fields as JSON. */
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
