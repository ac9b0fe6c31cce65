import { createDroppedTally } from '../../../../api/src/notifications/hits/dropped-tally.ts';
import { createRecorder, type Hit } from '../../../../api/src/notifications/hits/recorder.ts';
import { createSaltCache } from '../../../../api/src/notifications/hits/salts.ts';
import { hashVisitor } from '../../../../api/src/notifications/hits/visitor.ts';
import type { HitBatch } from '../../../../api/src/store/hits.ts';

const hit: Hit = {
  site: 's',
  identity: 'ada',
  receivedAt: 100,
  sign_of_life: false,
  page: '/',
  source: '',
  completions: [],
};
const salt = (day: number) => Buffer.alloc(32, day);

/** A store whose day the test changes; `answers` come before `recorded`. */
function setUp(answers: ('salts_changed' | Error)[] = []) {
  const world = { day: 1, now: 100, batches: [] as HitBatch[], asked: 0 };
  const dropped = createDroppedTally();
  const elapsed = () => world.now;
  const salts = createSaltCache({
    read: async () => {
      world.asked++;
      const yesterday = world.day === 1 ? undefined : salt(world.day - 1);
      return { day: `day ${world.day}`, today: salt(world.day), yesterday, expires_in_ms: 1_000 };
    },
    elapsed,
  });
  const record = createRecorder({
    record: async (batch) => {
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      if (answer) world.day++;
      else world.batches.push(batch);
      return answer ?? 'recorded';
    },
    salts,
    dropped,
    elapsed,
  });
  return { world, dropped, record };
}

test('hits of several requests are one batch, of which nothing says who it was', async () => {
  const { world, record } = setUp();
  world.now = 350;
  await record([[hit], [hit, { ...hit, identity: 'bob' }], []]);
  await record([[hit]]);
  expect(world.batches.map(({ batch, day, items }) => [batch, day, items.length])).toEqual([
    [1, 'day 1', 3],
    [2, 'day 1', 1],
  ]);
  expect(world.batches[0]?.items[0]).toEqual({
    site: 's',
    visitor: hashVisitor('ada', salt(1)),
    previous: '',
    age_ms: 250,
    sign_of_life: false,
    page: '/',
    source: '',
    completions: [],
  });
  expect(JSON.stringify(world.batches)).not.toMatch(/ada|bob/);
  expect(world.asked).toBe(1);
});

test('salts are asked for again once their day is over', async () => {
  const { world, record } = setUp();
  await record([[hit]]);
  world.now += 1_000;
  world.day = 2;
  await record([[hit]]);
  expect(world.batches[1]).toMatchObject({
    day: 'day 2',
    items: [{ visitor: hashVisitor('ada', salt(2)), previous: hashVisitor('ada', salt(1)) }],
  });
});

test('what the store sends back at midnight is hashed anew', async () => {
  const { world, record } = setUp(['salts_changed']);
  await record([[hit]]);
  expect(world.batches).toMatchObject([{ batch: 2, day: 'day 2', items: [{ visitor: hashVisitor('ada', salt(2)) }] }]);
});

test('what was dropped goes with the next batch, and waits while the store is away', async () => {
  const { world, dropped, record } = setUp([new Error('away'), 'salts_changed', 'salts_changed']);
  dropped.add('s', 'bot');
  dropped.add('', 'unknown_site');
  await expect(record([[hit]])).rejects.toThrow('away');
  dropped.add('s', 'bot');
  await expect(record([[hit]])).rejects.toThrow();
  expect(dropped.isEmpty).toBe(false);
  await record([[]]);
  expect(world.batches[0]?.dropped).toEqual([
    { site: 's', reason: 'bot', count: 2 },
    { site: '', reason: 'unknown_site', count: 1 },
  ]);
  expect(dropped.isEmpty).toBe(true);
});
