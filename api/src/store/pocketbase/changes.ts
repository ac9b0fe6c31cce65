import type { Change, EventOf, ReadChanges } from '../changes.ts';
import type { DeliverySummary, EventSummary } from '../records.ts';
import { type CallDeps, callOnce } from './call.ts';
import { withModelTimes } from './times.ts';

interface Answer {
  config_version?: number;
  cursor: string;
  reset: boolean;
  rows: { cursor: string; event?: object; delivery?: object; of?: EventOf }[];
}

/** For the answer itself, beyond the wait. */
const ANSWER_MS = 1_900;

/** The changes of history from the service's memory (pocketbase/internal/live). */
export function createReadChanges(deps: CallDeps): ReadChanges {
  return async (after, waitMs, signal) => {
    const request = { after: after ?? '', wait_ms: waitMs };
    const { cursor, reset, rows } = await callOnce<Answer>(deps, 'changes', waitMs + ANSWER_MS, request, signal);
    return { cursor, reset, rows: rows.map(toChange) };
  };
}

function toChange({ cursor, event, delivery = {}, of }: Answer['rows'][number]): Change {
  return event
    ? { cursor, topic: 'event', row: withModelTimes<EventSummary>(event) }
    : { cursor, topic: 'delivery', row: withModelTimes<DeliverySummary>(delivery), ...(of && { of }) };
}
