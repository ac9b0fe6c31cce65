import { createBacktest } from '../../../api/src/rules/backtest.ts';
import type { History } from '../../../api/src/store/records.ts';
import { aMapping, aStoredEvent } from '../../support/records.ts';
import { openRules } from '../ingest/open-rules.ts';

const anEvent = (n: number) => aStoredEvent({ id: `event${n}`, body: `{"n":${n}}`, seq: n });

/** A backtest over a history of `count` events; every look-up of a body takes `readMs` of the clock. */
async function open({ count, readMs = 0, body }: { count: number; readMs?: number; body?: string }) {
  const rules = await openRules({
    mappings: [{ id: 'mapping0', filter: 'body.n > 1' }],
  });
  const seen = { bodies: [] as string[], reading: 0, atOnce: 0, pages: [] as number[] };
  let time = 0;
  const history: Pick<History, 'listEvents' | 'getEvent'> = {
    async listEvents(_filter, _scope, { limit, cursor }) {
      seen.pages.push(limit);
      const from = Number(cursor ?? 0);
      const data = Array.from({ length: Math.min(limit, count - from) }, (_, i) => anEvent(from + i));
      return { data, next_cursor: from + limit < count ? String(from + limit) : null };
    },
    async getEvent(id) {
      seen.atOnce = Math.max(seen.atOnce, ++seen.reading);
      seen.bodies.push(id);
      time += readMs;
      await new Promise((resolve) => setImmediate(resolve));
      seen.reading--;
      const event = anEvent(Number(id.slice('event'.length)));
      return body === undefined ? event : { ...event, body };
    },
  };
  const records = { get: async () => ({ ...aMapping({ id: 'mapping0' }), created: '', updated: '' }) as never };
  const backtest = createBacktest({ ...rules, history, records, now: () => time });
  return { backtest, seen };
}

test('has one body in memory at a time and small pages', async () => {
  const { backtest, seen } = await open({ count: 60 });
  const { totals, complete } = await backtest({ mapping: 'mapping0', last: 500 }, undefined);
  expect({ totals, complete }).toMatchObject({ totals: { events: 60, unchanged: 60 }, complete: true });
  expect(seen.atOnce).toBe(1);
  expect(seen.pages).toEqual([25, 25, 25]);
});

test('reads no more than it was asked for', async () => {
  const { backtest, seen } = await open({ count: 60 });
  const { events } = await backtest({ mapping: 'mapping0', last: 30 }, undefined);
  expect(events).toHaveLength(30);
  expect(seen.bodies).toHaveLength(30);
  expect(seen.pages).toEqual([25, 5]);
});

test('ends after 20 seconds, and says that it is not complete', async () => {
  const { backtest } = await open({ count: 60, readMs: 4_000 });
  const { events, complete, totals } = await backtest({ mapping: 'mapping0' }, undefined);
  expect(complete).toBe(false);
  expect(events).toHaveLength(5);
  expect(totals.events).toBe(5);
});

test('ends after the work of 20 events, and says that it is not complete', async () => {
  const { backtest } = await open({ count: 60, body: JSON.stringify({ n: 5, list: Array(50_000).fill(1) }) });
  const filter = `body.n > 1 && (${Array(9).fill('body.list.exists(x, x == 2)').join(' || ')})`;
  const { events, complete } = await backtest({ mapping: 'mapping0', filter }, undefined);
  expect(complete).toBe(false);
  expect(events.length).toBeGreaterThanOrEqual(20);
  expect(events.length).toBeLessThan(60);
});

test('two at once; the third is told to wait, and one that failed makes room', async () => {
  const { backtest } = await open({ count: 3 });
  const ask = () => backtest({ mapping: 'mapping0' }, undefined);
  const running = [ask(), ask()];
  await expect(ask()).rejects.toMatchObject({ code: 'too_many_requests', retryAfter: 5 });
  await Promise.all(running);
  await expect(backtest({}, undefined)).rejects.toMatchObject({ code: 'validation_failed' });
  await expect(Promise.all([ask(), ask()])).resolves.toHaveLength(2);
});
