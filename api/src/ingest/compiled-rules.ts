import { LRUCache } from 'lru-cache';
import { type CompileBudget, makeCompileBudget } from '../expressions/index.ts';

/** Parts of all rules that stay compiled, about 300 bytes each; the least recently used are compiled again when needed. */
const PARTS_AT_MOST = 200_000;
/** What a record without any expression takes. */
const PARTS_OF_A_RECORD = 2;

/** Compiles the rules of a record when they are first needed: a record keeps its identity until it is changed. */
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
