import type { DeliverySummary, EventSummary } from './records.ts';

/** An event that was accepted or counted a duplicate, or a delivery that changed, as it is now. */
export type Change =
  /** The cursor is where to go on from after this row. */
  { cursor: string } & (
    | { topic: 'event'; row: EventSummary }
    /** `of`: the event of the delivery; absent: it is gone. */
    | { topic: 'delivery'; row: DeliverySummary; of?: EventOf }
  );

/** What a delivery may be chosen by that only its event has. */
export type EventOf = Pick<EventSummary, 'source' | 'trigger' | 'type' | 'correlation_id'>;

export interface Changes {
  /** Where to go on from. */
  cursor: string;
  /** What changed since is not known any more (the store was started anew, or too much happened): read the rows anew. */
  reset: boolean;
  rows: Change[];
}

/**
 * What changed after a cursor, in order; waits up to `waitMs` (8,000 at most) until something has. Without a cursor
 * it resolves to where to begin, at once. Rejects with Problem `store_unavailable`, and when the signal aborts.
 */
export type ReadChanges = (after: string | undefined, waitMs: number, signal: AbortSignal) => Promise<Changes>;

/**
 * Whether a cursor comes after another one of the same process of the store; undefined: they are of different processes,
 * and whoever goes on from the older one is told to reset.
 */
export function isAfter(cursor: string, other: string): boolean | undefined {
  const [[epoch, at], [otherEpoch, otherAt]] = [cursor.split('-'), other.split('-')];
  return epoch === otherEpoch ? Number(at) > Number(otherAt) : undefined;
}
