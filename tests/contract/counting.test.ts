import { createHash } from 'node:crypto';
import { createMetrics } from '../../api/src/ops/metrics.ts';
import { createHitCounting } from '../../api/src/store/pocketbase/counting.ts';
import { createMemoryCounting } from '../support/memory-counting.ts';
import { describeWithServices, startPocketBase, superuser } from '../support/pocketbase.ts';
import { type CountingFixture, countingSuite } from './counting.suite.ts';

describe('counting in memory', () =>
  countingSuite(async () => {
    const counting = createMemoryCounting(Date.now);
    return {
      counting,
      hit: async (...hit) => counting.hit(...hit),
      complete: async (...completion) => counting.complete(...completion),
      drop: async (...dropped) => counting.drop(...dropped),
      close: async () => undefined,
    };
  }));

describeWithServices('counting in PocketBase', () => countingSuite(openPocketBase));

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
    close: () => service.stop(),
  };
}
