import type { EventFilter, EventSummary, Page, PageRequest } from '../records.ts';
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

export type SearchEvents = (
  filter: Omit<EventFilter, 'after_seq'> & { q: string },
  scope: string | undefined,
  page: PageRequest,
) => Promise<Page<EventSummary>>;

/** Events by their words (pocketbase/internal/search), newest first. */
export function createSearchEvents(deps: CallDeps): SearchEvents {
  return async ({ from, to, ...filter }, scope, { limit, cursor }) => {
    const { events } = await callRoute<Answer & { events: object[] }>(deps, 'search/events', {
      ...filter,
      account: scope ?? '',
      ...(from !== undefined && { from: toStoreTime(from) }),
      ...(to !== undefined && { to: toStoreTime(to) }),
      ...(cursor !== undefined && { before: decodeSeq(cursor) }),
      limit: limit + 1,
    });
    const data = events.slice(0, limit).map((event) => withModelTimes<EventSummary>(event));
    const last = events.length > limit ? data.at(-1) : undefined;
    return { data, next_cursor: last ? encodeSeq(last.seq) : null };
  };
}
