import type { Decision } from '../model/event.ts';
import type { PastEvent } from '../store/replays.ts';
import type { EventPlan, PlannedReplay } from './plan-many.ts';
import { mayMatchSelection, whyNotSelected } from './select.ts';

/** Why nothing would be made of an event, or nothing for one of its mappings. Ids are empty where they say nothing. */
export interface Skip {
  reason: /** With `original`: it was delivered nowhere when it came in. */
    | 'no_delivery'
    /** With `original`: the destination is gone. */
    | 'destination_deleted'
    /** With `current`: its source has no mapping, or is gone. */
    | 'no_mapping'
    | Exclude<Decision['outcome'], 'delivery' | 'held'>
    | NonNullable<ReturnType<typeof whyNotSelected>>;
  mapping: string;
  destination: string;
  /** Of `filtered` the clause that is false, of `error` what is wrong. */
  detail: string;
}

export type CountedSkip = Skip & { count: number };

/** Of an event that is replayed with the bytes of then. */
export function skipsOfOriginal(
  replay: PlannedReplay,
  past: PastEvent,
  isThere: (destination: string) => boolean,
): Skip[] {
  const originals = past.deliveries.filter((delivery) => delivery.replay === '');
  if (originals.length === 0) return [skip('no_delivery')];
  return originals.flatMap(({ mapping, destination }) => {
    const reason = isThere(destination) ? whyNotSelected(replay, past, destination) : 'destination_deleted';
    return reason ? [skip(reason, { mapping, destination })] : [];
  });
}

/** Of an event that is replayed with the rules of now. */
export function skipsOfCurrent(replay: PlannedReplay, { past, decisions }: EventPlan): Skip[] {
  if (!decisions) return mayMatchSelection(replay, past) ? [] : [skip('other_state')];
  if (decisions.length === 0) return [skip('no_mapping')];
  return decisions.flatMap((decision) => {
    const notSelected = whyNotSelected(replay, past, decision.destination);
    if (notSelected) return [skip(notSelected, decision)];
    return decision.outcome === 'delivery' || decision.outcome === 'held'
      ? []
      : [skip(decision.outcome, decision, detailOf(decision))];
  });
}

function detailOf(decision: Decision): string {
  if (decision.outcome === 'filtered') return decision.clause;
  return decision.outcome === 'error' ? `${decision.where}: ${decision.message}` : '';
}

const NOTHING = { mapping: '', destination: '' };

function skip(reason: Skip['reason'], { mapping, destination } = NOTHING, detail = ''): Skip {
  return { reason, mapping, destination, detail };
}

const KINDS_AT_MOST = 1_000;
const SHOWN_AT_MOST = 20;

/** Counts equal ones; what is filtered out by many different clauses does not fill the memory. */
export function createSkipCounter() {
  const counted = new Map<string, CountedSkip>();
  return {
    add(skips: Skip[]): void {
      for (const one of skips) {
        const key = JSON.stringify(one);
        const known = counted.get(key);
        if (known) known.count += 1;
        else if (counted.size < KINDS_AT_MOST) counted.set(key, { ...one, count: 1 });
      }
    },
    /** The most frequent first. */
    shown: (scale: number): CountedSkip[] =>
      [...counted.values()]
        .map((one) => ({ ...one, count: Math.round(one.count * scale) }))
        .sort((a, b) => b.count - a.count)
        .slice(0, SHOWN_AT_MOST),
  };
}
