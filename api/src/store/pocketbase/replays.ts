import type { AccountScope } from '../records.ts';
import type { LeasedReplay, PastPage, ReplayRange, Replays, StoredReplay } from '../replays.ts';
import { type CallDeps, callRoute, callWrite } from './call.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { notFound, toStoreProblem, withTimeout } from './faults.ts';

const FIELDS =
  'id,account,state,actor,mode,from,to,source,destination,status,only_missing,rate,events_total,events_seen,deliveries,failed,error,finished_at,created,updated';

/** Date, time and id of the last record of a page. */
const POSITION = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z) ([a-z0-9]{15})$/;

/** Every route of the service tells of the configuration's version. */
type Answer<T> = T & { config_version?: number };

/** The port of replays over the PocketBase service's own routes (pocketbase/README.md) and its collection. */
export function createReplays(deps: CallDeps, owner: string): Replays {
  const { pb } = deps;

  async function find(conditions: string[], limit: number): Promise<StoredReplay[]> {
    try {
      const found = await pb.collection('replays').getList(1, limit, {
        filter: conditions.join(' && '),
        sort: '-created,-id',
        fields: FIELDS,
        skipTotal: true,
        ...withTimeout(),
      });
      return found.items as unknown as StoredReplay[];
    } catch (fault) {
      throw toStoreProblem(fault, 'replays');
    }
  }

  const visible = (scope: AccountScope) => (scope === undefined ? [] : [pb.filter('account = {:scope}', { scope })]);

  return {
    range: (filter) => callRoute<Answer<ReplayRange>>(deps, 'replay/range', filter),
    page: (filter, part) => callRoute<Answer<PastPage>>(deps, 'replay/page', { ...filter, ...part }),
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
    async list(scope, page) {
      const [day, time, id] = page.cursor === undefined ? [] : decodeCursor(page.cursor, POSITION);
      const before = id
        ? [pb.filter('(created < {:at} || (created = {:at} && id < {:id}))', { at: `${day} ${time}`, id })]
        : [];
      const rows = await find([...visible(scope), ...before], page.limit + 1);
      const data = rows.slice(0, page.limit);
      const last = rows.length > page.limit ? data.at(-1) : undefined;
      return { data, next_cursor: last ? encodeCursor([last.created, last.id]) : null };
    },
    async get(id, scope) {
      const [replay] = await find([pb.filter('id = {:id}', { id }), ...visible(scope)], 1);
      if (!replay) throw notFound(`replay ${id}`);
      return replay;
    },
  };
}
