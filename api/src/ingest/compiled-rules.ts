import { LRUCache } from 'lru-cache';
import { type CompileBudget, makeCompileBudget } from '../expressions/index.ts';

/** Size of the cache of compiled rules, in parts of about 300 bytes; the least recently used are evicted. */
const PARTS_AT_MOST = 200_000;
/** Size of a record without expressions. */
const PARTS_OF_A_RECORD = 2;

/** Compiles a record's rules on first use. Keyed by the record object, which stays the same until the record changes. */
export function compiledRules<Item extends object, Rules extends object>(
  compile: (record: Item, budget: CompileBudget) => Rules,
): { of(record: Item): Rules } {
  const compiled = new LRUCache<Item, Rules>({ maxSize: PARTS_AT_MOST });
  return {
    of(record) {
      const known = compiled.get(record);
      if (known) return known;
      const budget = makeCompileBudget();
      const whole = budget.left;
      const rules = compile(record, budget);
      compiled.set(record, rules, { size: PARTS_OF_A_RECORD + Math.ceil(whole - budget.left) });
      return rules;
    },
  };
}
