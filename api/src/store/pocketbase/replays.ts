import { notFound } from '../../model/problems.ts';
import type { PageRequest } from '../records.ts';
import type {
  LeasedReplay,
  PastContent,
  PastPage,
  ReplayFilter,
  ReplayRange,
  Replays,
  StoredReplay,
} from '../replays.ts';
import { type CallDeps, callRoute, callWrite } from './call.ts';
import { listPage } from './pages.ts';
import { type Condition, during } from './rows.ts';
import { toStoreTime, withModelTimes } from './times.ts';

const FIELDS =
  'id,account,state,actor,mode,from,to,source,destination,status,only_missing,rate,events_total,events_seen,deliveries,failed,error,finished_at,created,updated';

/** Every route of the service tells of the configuration's version. */
type Answer<T> = T & { config_version?: number };

/** The port of replays over the PocketBase service's own routes (pocketbase/README.md) and its collection. */
export function createReplays(deps: CallDeps, owner: string): Replays {
  const { pb } = deps;

  const listed = (conditions: Condition[], page: PageRequest) => {
    const query = { collection: 'replays', fields: FIELDS, conditions, by: 'created', newestFirst: true } as const;
    return listPage<StoredReplay>(pb, query, page);
  };

  return {
    range: (filter) => callRoute<Answer<ReplayRange>>(deps, 'replay/range', withStoreTimes(filter)),
    page: (filter, part) => callRoute<Answer<PastPage>>(deps, 'replay/page', { ...withStoreTimes(filter), ...part }),
    async read(request) {
      const { events } = await callRoute<Answer<{ events: PastContent[] }>>(deps, 'replay/read', request);
      return events.map((past) => (past.status === 'read' ? { ...past, event: withModelTimes(past.event) } : past));
    },
    async create(replay) {
      return (await callWrite<Answer<{ id: string }>>(deps, 'replay/create', withStoreTimes(replay))).id;
    },
    async claim(leaseMs) {
      const request = { owner, lease_ms: leaseMs };
      const { replay } = await callRoute<Answer<{ replay: LeasedReplay | null }>>(deps, 'replay/claim', request);
      return replay ? withModelTimes<LeasedReplay>(replay) : undefined;
    },
    async save(progress) {
      return (await callRoute<Answer<{ status: 'saved' | 'stale' }>>(deps, 'replay/save', progress)).status;
    },
    async command(id, command, write) {
      const request = { id, ...write };
      const { status } = await callWrite<Answer<{ status: string }>>(deps, `replay/${command}`, request);
      return status === 'refused' ? 'refused' : 'done';
    },
    list: (times, scope, page) => listed([['account = {:0}', scope], ...during('created', times)], page),
    async get(id, scope) {
      const conditions: Condition[] = [
        ['id = {:0}', id],
        ['account = {:0}', scope],
      ];
      const [replay] = (await listed(conditions, { limit: 1 })).data;
      if (!replay) throw notFound(`replay ${id}`);
      return replay;
    },
  };
}

function withStoreTimes<T extends ReplayFilter>(filter: T): T {
  return { ...filter, from: toStoreTime(filter.from), to: toStoreTime(filter.to) };
}
