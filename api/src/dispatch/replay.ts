import type { Destination } from '../model/configuration.ts';
import type { PlannedDelivery } from '../model/delivery.ts';
import type { Decision, StoredEvent } from '../model/event.ts';
import { Problem } from '../model/problems.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import type { AccountScope, History } from '../store/records.ts';
import type { Submit } from './submit.ts';

export interface ReplayRequest {
  event: string;
  /** `original`: the very bytes that were planned then; `current`: the rules of now. */
  mode: 'original' | 'current';
  /** Only to these destinations; absent: to all that apply. */
  destinations?: string[] | undefined;
  /** Who asks, for the audit. */
  actor: string;
  scope: AccountScope;
}

export interface ReplayResult {
  deliveries: { id: string; destination: string; mapping: string }[];
  /** With `current`: what was decided about each mapping. */
  decisions: Decision[];
}

export interface ReplayDeps {
  history: Pick<History, 'getEvent' | 'listDeliveries' | 'getDelivery'>;
  configuration: Pick<ConfigurationCache, 'current'>;
  replan: (
    event: StoredEvent,
  ) => { route: { destination: Destination }; decision: Decision; delivery?: PlannedDelivery }[];
  submit: Submit;
  makeId: () => string;
  expiresInMs: number;
}

export type Replay = (request: ReplayRequest) => Promise<ReplayResult>;

interface Plan {
  planned: { delivery: PlannedDelivery; destination: Destination }[];
  decisions: Decision[];
}

/** More deliveries of one event than this were never planned in one go. */
const DELIVERIES_AT_MOST = 200;
const DETAIL_LENGTH = 1_000;

/**
 * New deliveries of a stored event, with new ids, on the same path as first ones.
 * @throws Problem `not_found` (event), `conflict` (nothing to deliver, and why), `store_unavailable`
 */
export function createReplay(deps: ReplayDeps): Replay {
  return async ({ event: id, mode, destinations, actor, scope }) => {
    const event = await deps.history.getEvent(id, scope);
    const plan = mode === 'current' ? planCurrent(event) : await planOriginal(event, scope);
    const planned = plan.planned.filter(({ destination }) => !destinations || destinations.includes(destination.id));
    if (planned.length === 0) throw new Problem('conflict', nothingToReplay(mode, plan));
    const result = await deps.submit({
      event,
      planned,
      toItem: (deliveries) => ({ replay: { event: event.id, mode, actor }, deliveries }),
    });
    if (result.status === 'failed') throw new Problem('conflict', `The event can't be replayed: ${result.message}`);
    return {
      deliveries: planned.map(({ delivery }) => ({
        id: delivery.id,
        destination: delivery.destination,
        mapping: delivery.mapping,
      })),
      decisions: plan.decisions,
    };
  };

  function planCurrent(event: StoredEvent): Plan {
    const routes = deps.replan(event);
    return {
      planned: routes.flatMap(({ delivery, route }) =>
        delivery ? [{ delivery, destination: route.destination }] : [],
      ),
      decisions: routes.map(({ decision }) => decision),
    };
  }

  /** The first delivery of each mapping: replays of it have the same bytes, or those of other rules. */
  async function planOriginal(event: StoredEvent, scope: AccountScope): Promise<Plan> {
    const { data } = await deps.history.listDeliveries({ event: event.id }, scope, { limit: DELIVERIES_AT_MOST });
    const planned: Plan['planned'] = [];
    for (const { id, destination: destinationId } of data.filter(({ replay }) => replay === '')) {
      const destination = deps.configuration.current.destination(destinationId);
      if (destination) planned.push({ destination, delivery: await copyOf(id, destination, scope) });
    }
    return { planned, decisions: [] };
  }

  async function copyOf(id: string, destination: Destination, scope: AccountScope): Promise<PlannedDelivery> {
    const stored = await deps.history.getDelivery(id, scope);
    return {
      id: deps.makeId(),
      mapping: stored.mapping,
      destination: stored.destination,
      state: destination.enabled ? 'pending' : 'held',
      passthrough: stored.passthrough,
      request_body: stored.passthrough ? '' : stored.request_body,
      request_content_type: stored.passthrough ? '' : stored.request_content_type,
      expires_in_ms: deps.expiresInMs,
      lease: false,
    };
  }
}

function nothingToReplay(mode: ReplayRequest['mode'], plan: Plan): string {
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
