import type { Submit } from '../dispatch/submit.ts';
import type { Decision } from '../model/event.ts';
import { Problem } from '../model/problems.ts';
import type { MadeDelivery } from '../store/queue.ts';
import type { AccountScope, History } from '../store/records.ts';
import { callerOf, type Write } from '../store/write.ts';
import type { ReplayPlan, ReplayPlanner } from './plan.ts';

export interface ReplayRequest extends Write {
  event: string;
  /** `original`: the very bytes that were planned then; `current`: the rules of now. */
  mode: 'original' | 'current';
  /** Only to these destinations; absent: to all that apply. */
  destinations?: string[] | undefined;
  scope: AccountScope;
}

export interface ReplayResult {
  deliveries: MadeDelivery[];
  /** With `current`: what was decided about each mapping. */
  decisions: Decision[];
}

export interface ReplayDeps {
  history: Pick<History, 'getEvent' | 'listDeliveries'>;
  planner: ReplayPlanner;
  submit: Submit;
}

export type Replay = (request: ReplayRequest) => Promise<ReplayResult>;

const PAGE = 200;
const DETAIL_LENGTH = 1_000;

/**
 * New deliveries of a stored event, with new ids, on the same path as first ones.
 * @throws Problem `not_found` (event), `conflict` (nothing to deliver, and why), `store_unavailable`
 */
export function createReplay(deps: ReplayDeps): Replay {
  return async ({ event: id, mode, destinations, scope, ...write }) => {
    const event = await deps.history.getEvent(id, scope);
    const isAskedFor = (destination: string) => !destinations || destinations.includes(destination);
    const plan = await (mode === 'current' ? deps.planner.current(event) : planOriginal(event.id, scope, isAskedFor));
    const planned = plan.planned.filter(({ destination }) => isAskedFor(destination.id));
    if (planned.length === 0) throw new Problem('conflict', nothingToReplay(mode, plan));
    const result = await deps.submit({ event, planned, replay: { mode, ...callerOf(write) } });
    if (result.status === 'failed') {
      if (result.key_reused) throw new Problem('idempotency_key_reused', result.message);
      throw new Problem('conflict', `The event can't be replayed: ${result.message}`);
    }
    if (result.status === 'accepted' && result.made) {
      // With these very ids it was this call, whose first answer was lost.
      if (!result.made.some(({ id }) => id === planned[0]?.delivery.id)) write.onRepeated?.();
      return { deliveries: result.made, decisions: plan.decisions };
    }
    return {
      deliveries: planned.map(({ delivery }) => ({
        id: delivery.id,
        destination: delivery.destination,
        mapping: delivery.mapping,
      })),
      decisions: plan.decisions,
    };
  };

  /** Reads the bytes only of what is asked for; all of it goes to the store in one commit. */
  async function planOriginal(
    event: string,
    scope: AccountScope,
    isAskedFor: (destination: string) => boolean,
  ): Promise<ReplayPlan> {
    const deliveries: Parameters<ReplayPlanner['original']>[0] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
      const { data, next_cursor } = await deps.history.listDeliveries({ event }, scope, page);
      deliveries.push(...data.filter(({ destination }) => isAskedFor(destination)));
      cursor = next_cursor;
    }
    return deps.planner.original(deliveries, scope);
  }
}

function nothingToReplay(mode: ReplayRequest['mode'], plan: ReplayPlan): string {
  if (plan.planned.length > 0) return 'The event has no delivery to any of the destinations asked for.';
  if (mode === 'original') {
    return 'The event had no delivery, or its destinations are gone. Use mode "current" to apply the mappings of now.';
  }
  if (plan.decisions.length === 0)
    return "The event's source has no mapping, or is gone. Create a mapping, then replay again.";
  const reasons = plan.decisions.map((decision) => `mapping ${decision.mapping}: ${whyNot(decision)}`);
  return `No mapping delivers this event now. ${reasons.join('; ')}. Correct a mapping, then replay again.`.slice(
    0,
    DETAIL_LENGTH,
  );
}

function whyNot(decision: Decision): string {
  switch (decision.outcome) {
    case 'filtered':
      return `filtered out by ${decision.clause}`;
    case 'error':
      return `${decision.where}: ${decision.message}`;
    default:
      return decision.outcome;
  }
}
