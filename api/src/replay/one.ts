import type { Submit } from '../dispatch/submit.ts';
import type { Decision } from '../model/event.ts';
import { notFound, Problem } from '../model/problems.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import type { MadeDelivery } from '../store/queue.ts';
import type { AccountScope, History } from '../store/records.ts';
import type { Replays } from '../store/replays.ts';
import { callerOf, type Write } from '../store/write.ts';
import { nothingCurrent, nothingOriginal } from './nothing.ts';
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
  configuration: Pick<ConfigurationCache, 'current'>;
  history: Pick<History, 'listDeliveries'>;
  replays: Pick<Replays, 'read'>;
  planner: ReplayPlanner;
  submit: Submit;
  makeId: () => string;
}

export type Replay = (request: ReplayRequest) => Promise<ReplayResult>;

const PAGE = 200;
const NO_ORIGINALS = { all: 0, asked: 0, ids: [] };
const TOO_MUCH =
  "The bodies of the event's deliveries are larger than 32 MiB together. Replay it for some `destinations` at a time.";

/**
 * New deliveries of a stored event, with new ids, on the same path as first ones.
 * @throws Problem `not_found` (event), `conflict` (nothing to deliver, and why; too much at once), `store_unavailable`
 */
export function createReplay(deps: ReplayDeps): Replay {
  return async ({ event: id, mode, destinations, scope, ...write }) => {
    const isAskedFor = (destination: string) => !destinations || destinations.includes(destination);
    const { ids, ...first } = mode === 'original' ? await listOriginals(id, scope, isAskedFor) : NO_ORIGINALS;
    const { event, deliveries } = await read(id, mode, ids, scope);
    const plan: ReplayPlan =
      mode === 'current'
        ? await deps.planner.planCurrent(event)
        : { planned: deps.planner.planOriginal(deliveries, deps.makeId), decisions: [] };
    const planned = plan.planned.filter(({ destination }) => isAskedFor(destination.id));
    if (planned.length === 0) {
      const { current } = deps.configuration;
      const why =
        mode === 'original' ? nothingOriginal(first) : nothingCurrent(event, plan.decisions, isAskedFor, current);
      throw new Problem('conflict', why);
    }
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
    const found = { all: 0, asked: 0, ids: [] as string[] };
    let cursor: string | null | undefined;
    while (cursor !== null) {
      const page = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
      const { data, next_cursor } = await deps.history.listDeliveries({ event }, scope, page);
      const firstOnes = data.filter(({ replay }) => replay === '');
      const asked = firstOnes.filter(({ destination }) => isAskedFor(destination));
      found.all += firstOnes.length;
      found.asked += asked.length;
      found.ids.push(...deps.planner.originalsOf(asked).map(({ id }) => id));
      cursor = next_cursor;
    }
    return found;
  }

  async function read(id: string, mode: ReplayRequest['mode'], deliveries: string[], scope: AccountScope) {
    const events = [{ id, deliveries }];
    const [content] = await deps.replays.read({ account: scope ?? '', mode, events, max_length: 0 });
    if (content?.status === 'too_large') throw new Problem('conflict', TOO_MUCH);
    if (content?.status === 'read') return content;
    throw notFound(`event ${id}`);
  }
}
