import type { Clock } from '../../api/src/model/ids.ts';
import { addAmounts } from '../../api/src/notifications/triggers/amount.ts';
import type { Counting, SiteWindow } from '../../api/src/store/counting.ts';

/** What a test says that trackers reported. */
export interface MemoryHits {
  hit(site: string, visitor: string, fields?: { page?: string; source?: string }): void;
  complete(site: string, goal: string, fields?: { page?: string; amount?: string; currency?: string }): void;
  drop(site: string, reason: string): void;
}

const SLOTS_AN_HOUR = 12;
const GOAL_PIECE = 10_000;

/** The counting port without a database: what stands above it is tested with this. */
export function createMemoryCounting(now: Clock): Counting & MemoryHits {
  const visitors = new Map<string, { site: string; last_seen: number; source: string }>();
  const views: { site: string; at: number; page: string }[] = [];
  const sites = new Map<string, { first_hit: number; last_hit: number }>();
  const completions: { seq: number; goal: string; at: number; page: string; amount: string; currency: string }[] = [];
  const dropped: { site: string; at: number; reason: string }[] = [];
  const values = new Map<string, number>();
  const touched = new Map<string, number>();
  let cursor = 0;

  const isIn = (at: number, window_s: number) => at > now() - window_s * 1_000 && at <= now();
  const key = ({ site, window_s }: SiteWindow, slot: number) => `${site} ${window_s} ${slot}`;

  return {
    hit(site, visitor, { page = '/', source = '' } = {}) {
      const known = sites.get(site);
      sites.set(site, { first_hit: known?.first_hit ?? now(), last_hit: now() });
      visitors.set(`${site} ${visitor}`, { site, last_seen: now(), source });
      views.push({ site, at: now(), page });
      touched.set(site, ++cursor);
    },
    complete(site, goal, { page = '', amount = '', currency = '' } = {}) {
      completions.push({ seq: completions.length + 1, goal, at: now(), page, amount, currency });
      touched.set(site, ++cursor);
    },
    drop: (site, reason) => void dropped.push({ site, at: now(), reason }),

    countVisitors: async (windows) => ({
      now: now(),
      counts: windows.map(({ site, window_s }) => ({
        value: [...visitors.values()].filter((one) => one.site === site && isIn(one.last_seen, window_s)).length,
        at: now(),
        every_ms: 0,
      })),
    }),
    readSites: async (ids) => new Map([...sites].filter(([site]) => ids.includes(site))),
    readTouched: async (after) => ({
      sites: [...touched].filter(([, at]) => at > Number(after)).map(([site]) => site),
      cursor: String(cursor),
    }),
    countCompletions: async (wanted) => ({
      now: now(),
      items: wanted.map(({ goal, after, offset, currency }) => {
        if (after < 0) return { count: 0, revenue: '', last_seq: completions.length, next: null };
        const all = completions.filter((one) => one.goal === goal && one.seq > after).slice(0, GOAL_PIECE);
        const next = all[offset];
        return {
          count: all.length,
          revenue: all.reduce(
            (sum, one) => (currency && one.currency === currency ? addAmounts(sum, one.amount) : sum),
            '',
          ),
          last_seq: all.at(-1)?.seq ?? after,
          next: next
            ? { seq: next.seq, at: next.at, page: next.page, amount: next.amount, currency: next.currency }
            : null,
        };
      }),
    }),
    readTop: async ({ site, window_s }, limit) => ({
      pages: most(
        views.filter((one) => one.site === site && isIn(one.at, window_s)).map(({ page }) => page),
        limit,
      ).map(([page, pageviews]) => ({ page, pageviews })),
      sources: most(
        [...visitors.values()]
          .filter((one) => one.site === site && isIn(one.last_seen, window_s))
          .map(({ source }) => source),
        limit,
      ).map(([source, count]) => ({ source, visitors: count })),
    }),
    readDropped: async (site, since) =>
      most(
        dropped
          .filter((one) => one.site === site && one.at >= Math.floor(since / 3_600_000) * 3_600_000)
          .map(({ reason }) => reason),
        100,
      ).map(([reason, count]) => ({ reason, count })),
    async saveValues(slot, items) {
      for (const item of items) if (!values.has(key(item, slot))) values.set(key(item, slot), item.value);
    },
    readValues: async (window, from, to) =>
      Array.from({ length: to - from }, (_, i) => values.get(key(window, from + i)) ?? null),
    readHours: async (items) =>
      items.map(({ hours, ...window }) =>
        hours.flatMap((first) =>
          Array.from({ length: SLOTS_AN_HOUR }, (_, i) => values.get(key(window, first + i)) ?? null),
        ),
      ),
  };
}

function most(names: string[], limit: number): [string, number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, limit);
}
