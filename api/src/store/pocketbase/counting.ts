import type { Counting, GoalCount, SiteHits, TopCounts } from '../counting.ts';
import { type CallDeps, callRoute } from './call.ts';

interface Answer {
  config_version?: number;
}

/** What PocketBase counts of the hits that it keeps (pocketbase/README.md). */
export function createHitCounting(deps: CallDeps): Counting {
  const call = <T>(route: string, body: object) => callRoute<T & Answer>(deps, route, body);
  return {
    async countVisitors(windows) {
      const { now, values } = await call<{ now: number; values: number[] }>('hits/readings', { windows });
      return { now, counts: values.map((value) => ({ value, at: now, every_ms: 0 })) };
    },
    async readSites(sites) {
      const answer = await call<{ sites: (SiteHits & { site: string })[] }>('hits/sites', { sites });
      return new Map(answer.sites.map(({ site, first_hit, last_hit }) => [site, { first_hit, last_hit }]));
    },
    async readTouched(after) {
      const { sites, cursor } = await call<{ sites: string[]; cursor: number }>('hits/touched', {
        after: Number(after),
      });
      return { sites, cursor: String(cursor) };
    },
    countCompletions: (items) => call<{ now: number; items: GoalCount[] }>('hits/goals', { items }),
    readTop: (window, limit) => call<TopCounts>('hits/top', { ...window, limit }),
    async readDropped(site, since) {
      const { reasons } = await call<{ reasons: Record<string, number> }>('hits/dropped', { site, since });
      return Object.entries(reasons)
        .map(([reason, count]) => ({ reason, count }))
        .sort((a, b) => b.count - a.count);
    },
    async saveValues(slot, items) {
      await call('values/save', { slot, items });
    },
    async readValues(window, from_slot, to_slot) {
      return (await call<{ values: (number | null)[] }>('values/read', { ...window, from_slot, to_slot })).values;
    },
    async readHours(items) {
      return (await call<{ items: (number | null)[][] }>('values/hours', { items })).items;
    },
  };
}
