import { createHash } from 'node:crypto';
import { createMetrics } from '../../api/src/ops/metrics.ts';
import { createHitCounting } from '../../api/src/store/pocketbase/counting.ts';
import { createMemoryCounting } from '../support/memory-counting.ts';
import { aGoal, aTrigger } from '../support/notifications.ts';
import { openPlausibleBench } from '../support/plausible-bench.ts';
import { describeWithServices, startPocketBase, superuser } from '../support/pocketbase.ts';
import { type CountingFixture, countingSuite, GOAL, OTHER, QUIET, SITE } from './counting.suite.ts';

const EVERYTHING_BUT_THE_PAST = { completions: true, dropped: true, past: false };
const SECOND = 1_000;

describe('counting in memory', () =>
  countingSuite(async () => {
    const counting = createMemoryCounting(Date.now);
    return {
      counting,
      hit: async (...hit) => counting.hit(...hit),
      complete: async (...completion) => counting.complete(...completion),
      drop: async (...dropped) => counting.drop(...dropped),
      read: async () => undefined,
      tells: EVERYTHING_BUT_THE_PAST,
      close: async () => undefined,
    };
  }));

describeWithServices('counting in PocketBase', () => countingSuite(openPocketBase));

describe('counting at Plausible', () => countingSuite(openPlausible));

async function openPocketBase(): Promise<CountingFixture> {
  const service = await startPocketBase();
  const pb = await superuser(service);
  let batch = 0;
  const record = (items: object[], dropped: object[] = []) =>
    pb.send('/api/pockethook/hits', {
      method: 'POST',
      body: { sender: 'test', batch: ++batch, day: new Date().toISOString().slice(0, 10), items, dropped },
    });
  const hit = (site: string, visitor: string, fields: object) => ({
    site,
    visitor: createHash('sha256').update(visitor).digest().subarray(0, 16).toString('base64'),
    previous: '',
    age_ms: 0,
    ...fields,
  });
  return {
    counting: createHitCounting({ pb, metrics: createMetrics(), onConfigVersion: () => undefined }),
    hit: async (site, visitor, fields = {}) => record([hit(site, visitor, fields)]),
    complete: async (site, goal, fields) =>
      record([hit(site, 'ann', { source: 'news.example', completions: [{ goal, ...fields }] })]),
    drop: async (site, reason) => record([], [{ site, reason, count: 1 }]),
    read: async () => undefined,
    tells: EVERYTHING_BUT_THE_PAST,
    close: () => service.stop(),
  };
}

async function openPlausible(): Promise<CountingFixture> {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const names: Record<string, string> = { [GOAL]: 'Signup', [OTHER]: 'Download' };
  const domains: Record<string, string> = { [SITE]: 'example.com', [QUIET]: 'quiet.example' };
  const bench = await openPlausibleBench({
    now,
    sites: Object.entries(domains).map(([id, domain]) => ({ id, domain })),
    goals: Object.entries(names).map(([id, name]) => aGoal({ id, site: SITE, name, event_name: name })),
    triggers: [
      ...[SITE, QUIET].map((site) => aTrigger({ id: `${site}-spike`, site })),
      aTrigger({ id: 'a-day', site: SITE, type: 'visitor_drop', window: '24h' }),
      ...[GOAL, OTHER].map((goal) => aTrigger({ id: goal, site: SITE, type: 'goal_completion', goal, threshold: 0 })),
    ],
  });
  const { fake, counting } = bench;
  return {
    counting,
    hit: async (site, visitor, fields) => fake.event(domains[site] ?? '', visitor, fields),
    complete: async (site, goal, fields) =>
      fake.event(domains[site] ?? '', 'ann', { name: names[goal] ?? '', source: 'news.example', ...fields }),
    drop: async () => undefined,
    async read() {
      await counting.readSites(Object.keys(domains));
      await bench.read();
      // Everything is due again.
      ahead += 32 * SECOND;
    },
    tells: { completions: false, dropped: false, past: true },
    close: bench.close,
  };
}
