import { createGuard } from '../../api/src/delivery/guard.ts';
import type { Goal, Site, Trigger } from '../../api/src/model/notifications.ts';
import { createAsk } from '../../api/src/notifications/counting/plausible/ask.ts';
import { createPlausibleCounting } from '../../api/src/notifications/counting/plausible/counting.ts';
import { createNotificationsView, type NotificationsView } from '../../api/src/notifications/sites/view.ts';
import type { StatisticsHealth } from '../../api/src/store/statistics.ts';
import { startFakePlausible } from './fake-plausible.ts';
import { createMemoryCounting } from './memory-counting.ts';
import { aSite } from './notifications.ts';

export const LOOPBACK = { allowedNetworks: ['127.0.0.0/8'], allowedPorts: ['1024-65535'], allowHttp: true };

export interface PlausibleBenchOptions {
  now: () => number;
  sites: Partial<Site>[];
  goals?: Goal[];
  triggers?: Trigger[];
  kept?: ReturnType<typeof createMemoryCounting>;
}

/** The port over the Stats API of a Plausible that the test feeds. */
export async function openPlausibleBench(options: PlausibleBenchOptions) {
  const { now, sites, goals = [], triggers = [], kept = createMemoryCounting(options.now) } = options;
  const fake = await startFakePlausible(now);
  const stopping = new AbortController();
  const { ask, close } = createAsk({
    guard: createGuard(LOOPBACK),
    userAgent: 'Pockethook/test',
    signal: stopping.signal,
  });
  const told: StatisticsHealth[] = [];

  function viewOf(fields: Partial<Site>[], changed: { goals?: Goal[]; triggers?: Trigger[] } = {}): NotificationsView {
    const all = fields.map((site) =>
      aSite({ counted_by: 'plausible', statistics_url: fake.url, statistics_key: fake.key, ...site }),
    );
    // Only triggers that tell somebody are watched.
    const watching = (changed.triggers ?? triggers).map((one) => ({ ...one, destinations: ['destination0001'] }));
    return createNotificationsView({ version: 1, sites: all, goals: changed.goals ?? goals, triggers: watching });
  }

  const notifications = { current: viewOf(sites) };
  for (const { domain, timezone } of notifications.current.sites)
    fake.addSite(domain, { timezone, goals: goals.map(({ event_name }) => event_name) });
  const counting = createPlausibleCounting({
    ask,
    notifications,
    kept,
    onHealth: (changed) => void told.push(...changed),
    now,
  });

  return {
    fake,
    ask,
    kept,
    counting,
    notifications,
    viewOf,
    /** How reading goes, as it was told: by site. */
    health: (site: string) => told.findLast((one) => one.site === site),
    /** Asks what is due, and waits for the answers. */
    async read() {
      await counting.readTouched('');
      await counting.settled();
    },
    async close() {
      stopping.abort();
      await counting.settled();
      close();
      await fake.close();
    },
  };
}
