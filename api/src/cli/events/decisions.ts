import type { Schemas } from '../../../client/schemas.ts';
import type { Cell } from '../terminal/table.ts';
import { visibleLine } from '../terminal/visible.ts';

type Decision = Schemas['Decision'];

const ORDER = ['delivery', 'held', 'filtered', 'disabled', 'error'] as const;
const WORDS = {
  delivery: (n: number) => (n === 1 ? '1 delivery' : `${n} deliveries`),
  held: (n: number) => `${n} held`,
  filtered: (n: number) => `${n} filtered out`,
  disabled: (n: number) => `${n} disabled`,
  error: (n: number) => (n === 1 ? '1 error' : `${n} errors`),
};

/** A summary: `2 deliveries, 1 filtered out`. */
export function summarise(decisions: Decision[]): Cell {
  if (decisions.length === 0) return { text: 'no mapping', style: 'dim' };
  const counts = ORDER.map(
    (outcome) => [outcome, decisions.filter((decision) => decision.outcome === outcome).length] as const,
  );
  const found = counts.filter(([, count]) => count > 0);
  const text = found.map(([outcome, count]) => WORDS[outcome](count)).join(', ');
  return found.some(([outcome]) => outcome === 'error') ? { text, style: 'red' } : text;
}

/** One sentence on why an event did or did not go to a destination. */
export function explain(decision: Decision): string {
  switch (decision.outcome) {
    case 'delivery':
      return `delivery ${decision.delivery}`;
    case 'held':
      return `delivery ${decision.delivery} is held: ${visibleLine(decision.reason)}`;
    case 'filtered':
      return `filtered out by ${visibleLine(decision.clause)}`;
    case 'disabled':
      return 'the mapping is disabled';
    case 'error':
      return `error in ${visibleLine(decision.where)}: ${visibleLine(decision.message)}`;
  }
}

/** The values read by the clause that filtered the event out; empty for other decisions. */
export function valuesRead(decision: Decision): Schemas['SeenValues'] {
  return decision.outcome === 'filtered' ? (decision.values ?? []) : [];
}

/** A value read by a clause: `body.action is "opened"`. */
export function seen({ path, value }: Schemas['SeenValues'][number]): string {
  return `${visibleLine(path)} ${value === null ? 'is not there' : `is ${visibleLine(value)}`}`;
}
