import { fieldProblem } from '../../model/problems.ts';
import type { DeliveryFilter, DeliverySummary, EventFilter, EventSummary, Page, PageRequest } from '../records.ts';
import type { Found, Search } from '../search.ts';
import { type CallDeps, callRoute } from './call.ts';
import { decodeSeq, encodeSeq } from './pages.ts';
import { toStoreTime, withModelTimes } from './times.ts';

interface Answer {
  config_version?: number;
}

export function createSearch(deps: CallDeps): Search {
  return async (query, scope) =>
    (await callRoute<Answer & { found: Found[] }>(deps, 'search', { q: query, account: scope ?? '' })).found;
}

type Filter = Omit<EventFilter, 'after_seq'> & DeliveryFilter;

/** Lists over the service's own routes (pocketbase/internal/search), newest first. */
export interface SearchHistory {
  events(
    filter: Omit<EventFilter, 'after_seq'>,
    scope: string | undefined,
    page: PageRequest,
  ): Promise<Page<EventSummary>>;
  deliveries(filter: DeliveryFilter, scope: string | undefined, page: PageRequest): Promise<Page<DeliverySummary>>;
}

/** The service looks for a few hundredths of a second; for what is rare among much it is asked again, so long. */
const LOOK_MS = 1_000;

const TOO_MANY = 'begins too many words to look through. Write more of the last one, or leave the * out.';

export function createSearchHistory(deps: CallDeps): SearchHistory {
  async function list<K extends 'events' | 'deliveries'>(
    topic: K,
    { from, to, ...filter }: Filter,
    scope: string | undefined,
    { limit, cursor }: PageRequest,
  ) {
    const until = performance.now() + LOOK_MS;
    const rows: object[] = [];
    let before = cursor === undefined ? undefined : decodeSeq(cursor);
    do {
      const answer = await callRoute<Answer & { next: number; too_many?: true } & Record<K, object[]>>(
        deps,
        `search/${topic}`,
        {
          ...filter,
          account: scope ?? '',
          ...(from !== undefined && { from: toStoreTime(from) }),
          ...(to !== undefined && { to: toStoreTime(to) }),
          ...(before !== undefined && { before }),
          limit: limit - rows.length,
        },
      );
      if (answer.too_many) throw fieldProblem('query/q', TOO_MANY);
      rows.push(...answer[topic]);
      before = answer.next;
    } while (before > 0 && rows.length < limit && performance.now() < until);
    return { data: rows, next_cursor: before > 0 ? encodeSeq(before) : null };
  }

  return {
    async events(filter, scope, page) {
      const { data, next_cursor } = await list('events', filter, scope, page);
      return { data: data.map((row) => withModelTimes<EventSummary>(row)), next_cursor };
    },
    async deliveries(filter, scope, page) {
      const { data, next_cursor } = await list('deliveries', filter, scope, page);
      return { data: data.map((row) => withModelTimes<DeliverySummary>(row)), next_cursor };
    },
  };
}
