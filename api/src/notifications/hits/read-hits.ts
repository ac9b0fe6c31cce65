import type { Counting } from '../../store/counting.ts';
import type { HitStore } from '../../store/hits.ts';
import type { AccountScope } from '../../store/records.ts';
import type { NotificationsView } from '../sites/view.ts';

export interface HitsRequest {
  /** Of the answer before; left out: everything since the store began to count. */
  after?: string | undefined;
  site?: string | undefined;
}

export interface ArrivedHits {
  /** Since when hits are counted: the start of the store. */
  since: string;
  cursor: string;
  sites: {
    /** Null: hits whose domain is of no site, for operators only. */
    site: string | null;
    hits: number;
    dropped: Record<string, number>;
    /** In the last 5 minutes. */
    visitors: number;
  }[];
}

/** What arrived at the sites of an account since somebody asked before: counts only. @throws Problem `store_unavailable` */
export type ReadHits = (request: HitsRequest, scope: AccountScope) => Promise<ArrivedHits>;

export interface ReadHitsDeps {
  readTally: HitStore['readTally'];
  counting: Pick<Counting, 'countVisitors'>;
  notifications: { readonly current: Pick<NotificationsView, 'site'> };
}

const WINDOW_S = 300;

export function createReadHits({ readTally, counting, notifications }: ReadHitsDeps): ReadHits {
  return async ({ after = '', site: wanted }, scope) => {
    const { since, cursor, sites } = await readTally(after);
    const isTheirs = (id: string) => scope === undefined || notifications.current.site(id)?.account === scope;
    const shown = sites.filter(({ site }) => (wanted === undefined || site === wanted) && isTheirs(site));
    const counted = shown.filter(({ site }) => site !== '').map(({ site }) => ({ site, window_s: WINDOW_S }));
    const { counts } = counted.length === 0 ? { counts: [] } : await counting.countVisitors(counted);
    const visitors = new Map(counted.map(({ site }, i) => [site, counts[i]?.value ?? 0]));
    return {
      since: new Date(since).toISOString(),
      cursor,
      sites: shown.map(({ site, hits, dropped }) => ({
        ...{ site: site || null, hits, dropped },
        visitors: visitors.get(site) ?? 0,
      })),
    };
  };
}
