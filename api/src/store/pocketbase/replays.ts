import type { AccountScope, PageRequest, TimeFilter } from '../records.ts';
import type { LeasedReplay, PastContent, PastPage, ReplayRange, Replays, StoredReplay } from '../replays.ts';
import { type CallDeps, callRoute, callWrite } from './call.ts';
import { notFound } from './faults.ts';
import { listNewest } from './list-newest.ts';

const FIELDS =
  'id,account,state,actor,mode,from,to,source,destination,status,only_missing,rate,events_total,events_seen,deliveries,failed,error,finished_at,created,updated';

/** Every route of the service tells of the configuration's version. */
type Answer<T> = T & { config_version?: number };

/** The port of replays over the PocketBase service's own routes (pocketbase/README.md) and its collection. */
export function createReplays(deps: CallDeps, owner: string): Replays {
  const { pb } = deps;

  const listed = (conditions: string[], during: TimeFilter, page: PageRequest) =>
    listNewest<StoredReplay>(pb, { collection: 'replays', fields: FIELDS, conditions, during, by: 'created' }, page);

  const visible = (scope: AccountScope) => (scope === undefined ? [] : [pb.filter('account = {:scope}', { scope })]);

  return {
    range: (filter) => callRoute<Answer<ReplayRange>>(deps, 'replay/range', filter),
    page: (filter, part) => callRoute<Answer<PastPage>>(deps, 'replay/page', { ...filter, ...part }),
    async read(request) {
      return (await callRoute<Answer<{ events: PastContent[] }>>(deps, 'replay/read', request)).events;
    },
    async create(replay) {
      return (await callWrite<Answer<{ id: string }>>(deps, 'replay/create', replay)).id;
    },
    async claim(leaseMs) {
      const request = { owner, lease_ms: leaseMs };
      const { replay } = await callRoute<Answer<{ replay: LeasedReplay | null }>>(deps, 'replay/claim', request);
      return replay ?? undefined;
    },
    async save(progress) {
      return (await callRoute<Answer<{ status: 'saved' | 'stale' }>>(deps, 'replay/save', progress)).status;
    },
    async cancel(id, write) {
      const request = { id, ...write };
      return (await callWrite<Answer<{ status: 'cancelled' | 'refused' }>>(deps, 'replay/cancel', request)).status;
    },
    list: (during, scope, page) => listed(visible(scope), during, page),
    async get(id, scope) {
      const { data } = await listed([pb.filter('id = {:id}', { id }), ...visible(scope)], {}, { limit: 1 });
      const [replay] = data;
      if (!replay) throw notFound(`replay ${id}`);
      return replay;
    },
  };
}
