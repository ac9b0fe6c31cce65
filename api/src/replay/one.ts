import type { Submit } from '../dispatch/submit.ts';
import type { Decision } from '../model/event.ts';
import { Problem } from '../model/problems.ts';
import type { MadeDelivery } from '../store/queue.ts';
import type { AccountScope, History } from '../store/records.ts';
import type { Replays } from '../store/replays.ts';
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
  history: Pick<History, 'listDeliveries'>;
  replays: Pick<Replays, 'read'>;
  planner: ReplayPlanner;
  submit: Submit;
  makeId: () => string;
}

export type Replay = (request: ReplayRequest) => Promise<ReplayResult>;

const PAGE = 200;
const DETAIL_LENGTH = 1_000;
const TOO_MUCH =
  "The bodies of the event's deliveries are larger than 32 MiB together. Replay it for some `destinations` at a time.";

/**
 * New deliveries of a stored event, with new ids, on the same path as first ones.
 * @throws Problem `not_found` (event), `conflict` (nothing to deliver, and why; too much at once), `store_unavailable`
 */
export function createReplay(deps: ReplayDeps): Replay {
  return async ({ event: id, mode, destinations, scope, ...write }) => {
    const isAskedFor = (destination: string) => !destinations || destinations.includes(destination);
    const originals = mode === 'original' ? await listOriginals(id, scope, isAskedFor) : [];
    const { event, deliveries } = await read(id, mode, originals, scope);
    const plan: ReplayPlan =
      mode === 'current'
        ? await deps.planner.planCurrent(event)
        : { planned: deps.planner.planOriginal(deliveries, deps.makeId), decisions: [] };
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

  /** Only of what is asked for are the bytes read; all of it goes to the store in one commit. */
  async function listOriginals(event: string, scope: AccountScope, isAskedFor: (destination: string) => boolean) {
    const ids: string[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
      const { data, next_cursor } = await deps.history.listDeliveries({ event }, scope, page);
      const asked = data.filter(({ destination }) => isAskedFor(destination));
      ids.push(...deps.planner.originalsOf(asked).map(({ id }) => id));
      cursor = next_cursor;
    }
    return ids;
  }

  async function read(id: string, mode: ReplayRequest['mode'], deliveries: string[], scope: AccountScope) {
    const events = [{ id, deliveries }];
    const [content] = await deps.replays.read({ account: scope ?? '', mode, events, max_length: 0 });
    if (content?.status === 'too_large') throw new Problem('conflict', TOO_MUCH);
    if (content?.status === 'read') return content;
    throw new Problem('not_found', `There is no event ${id}, or it belongs to another account.`);
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
