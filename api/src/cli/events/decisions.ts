import type { Schemas } from '../../../client/schemas.ts';

type Decision = Pick<Schemas['Decision'], 'outcome' | 'delivery' | 'reason' | 'clause' | 'where' | 'message'>;

import type { Output } from '../terminal/output.ts';
import { shortened } from '../terminal/output.ts';

const ORDER = ['delivery', 'held', 'filtered', 'disabled', 'error'] as const;
const WORDS = {
  delivery: (n: number) => (n === 1 ? '1 delivery' : `${n} deliveries`),
  held: (n: number) => `${n} held`,
  filtered: (n: number) => `${n} filtered out`,
  disabled: (n: number) => `${n} disabled`,
  error: (n: number) => (n === 1 ? '1 error' : `${n} errors`),
};

/** How many of each: `2 deliveries, 1 filtered out`. */
export function summarise(decisions: Decision[], { paint }: Pick<Output, 'paint'>): string {
  if (decisions.length === 0) return paint('dim', 'no mapping');
  return ORDER.flatMap((outcome) => {
    const count = decisions.filter((decision) => decision.outcome === outcome).length;
    if (count === 0) return [];
    return [outcome === 'error' ? paint('red', WORDS.error(count)) : WORDS[outcome](count)];
  }).join(', ');
}

/** Why an event did or did not go to a destination, in a sentence. */
export function explain(decision: Decision): string {
  switch (decision.outcome) {
    case 'delivery':
      return `delivery ${decision.delivery}`;
    case 'held':
      return `delivery ${decision.delivery} is held: ${shortened(decision.reason, 200)}`;
    case 'filtered':
      return `filtered out by ${shortened(decision.clause, 200)}`;
    case 'disabled':
      return 'the mapping is disabled';
    case 'error':
      return `error in ${shortened(decision.where, 100)}: ${shortened(decision.message, 300)}`;
  }
}

/** What a clause read: `body.action is "opened"`. */
export function seen({ path, value }: Schemas['SeenValues'][number]): string {
  return `${shortened(path, 200)} ${value === null ? 'is not there' : `is ${shortened(value, 100)}`}`;
}
