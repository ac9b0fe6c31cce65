import type { Site, Trigger } from '../../../../../api/src/model/notifications.ts';
import { aGoal, aTrigger } from '../../../../support/notifications.ts';
import { openPlausibleBench } from '../../../../support/plausible-bench.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const NOON = Date.parse('2026-03-10T12:00:00Z');
const SITE = 'site00000000001';
const GOAL = aGoal({ event_name: 'Signup' });
const WINDOW = { site: SITE, window_s: 300 };

type Bench = Awaited<ReturnType<typeof openPlausibleBench>>;
let now = NOON;
let bench: Bench;
const spike = aTrigger();

async function open(triggers: Trigger[] = [spike], site: Partial<Site> = {}): Promise<Bench> {
  now = NOON;
  bench = await openPlausibleBench({
    now: () => now,
    sites: [{ id: SITE, timezone: 'UTC', ...site }],
    goals: [GOAL],
    triggers,
  });
  return bench;
}
afterEach(() => bench?.close());

const visitors = async (window = WINDOW) => (await bench.counting.countVisitors([window])).counts[0];
const refuse = (status: number) => {
  bench.fake.interfere = (_, response) => Boolean(response.writeHead(status).end('{}'));
};
const answers = () => {
  bench.fake.interfere = () => false;
};

test('a reading has its time, and how often it is had', async () => {
  await open();
  bench.fake.event('example.com', 'ann');
  expect(await visitors()).toBeNull();
  await bench.read();
  now += 10 * SECOND;
  expect(await visitors()).toEqual({ value: 1, at: NOON, every_ms: 30 * SECOND });
  await bench.read();
  expect(bench.fake.asked).toHaveLength(1);
  now += 20 * SECOND;
  bench.fake.event('example.com', 'bob');
  await bench.read();
  expect(await visitors()).toMatchObject({ value: 2, at: NOON + 30 * SECOND });
});

test.each([400, 401, 402, 404, 429, 500])('after %d there is no reading, and no 0', async (status) => {
  await open();
  bench.fake.event('example.com', 'ann');
  await bench.read();
  refuse(status);
  for (let i = 0; i < 10; i++) {
    now += 30 * SECOND;
    await bench.read();
  }
  expect(await visitors()).toBeNull();
  expect(bench.health(SITE)).toMatchObject({ read_at: NOON, problem: { since: NOON + 30 * SECOND } });
  answers();
  now += 10 * MINUTE;
  await bench.read();
  now += 5 * SECOND;
  await bench.read();
  expect(await visitors()).toMatchObject({ value: 0 });
  expect(bench.health(SITE)).toMatchObject({ read_at: now - 5 * SECOND, problem: null });
});

test('it asks more and more seldom while it fails, and leaves a key alone that has had its requests', async () => {
  await open([spike, aTrigger({ id: 'hour', window: '1h' })]);
  const asked = async (minutes: number) => {
    const before = bench.fake.asked.length;
    for (let i = 0; i < minutes * 6; i++) {
      now += 10 * SECOND;
      await bench.read();
    }
    return bench.fake.asked.length - before;
  };
  refuse(500);
  expect(await asked(30)).toBeLessThanOrEqual(2 * 11);
  answers();
  await asked(6);
  bench.fake.interfere = (_, response) => Boolean(response.writeHead(429, { 'retry-after': '600' }).end('{}'));
  expect(await asked(9)).toBeLessThanOrEqual(2);
  expect(bench.health(SITE)?.problem).toMatchObject({ code: 'rate_limited' });
});

test('an edit of the key is asked with at once, and what the old one answered counts no more', async () => {
  await open([spike], { statistics_key: 'wrong' });
  await bench.read();
  now += 5 * SECOND;
  await bench.read();
  expect(bench.health(SITE)?.problem).toMatchObject({ code: 'key_refused' });
  bench.notifications.current = bench.viewOf([{ id: SITE }]);
  await bench.read();
  now += 5 * SECOND;
  await bench.read();
  expect(bench.health(SITE)?.problem).toBeNull();
  expect(await visitors()).toMatchObject({ value: 0 });
  bench.notifications.current = bench.viewOf([{ id: SITE, statistics_key: 'wrong' }]);
  await bench.counting.readTouched('');
  expect(await visitors()).toBeNull();
});

test('completions of a goal by its name, by pages and by properties', async () => {
  const goals = [
    GOAL,
    aGoal({ id: 'page', page_path: '/shop/*/thanks' }),
    aGoal({ id: 'pro', event_name: 'Signup', props: { plan: 'pro' } }),
  ];
  const triggers = goals.map(({ id }) => aTrigger({ id, type: 'goal_completion', goal: id, threshold: 0 }));
  await open();
  bench.notifications.current = bench.viewOf([{ id: SITE }], { goals, triggers });
  bench.fake.event('example.com', 'ann', { name: 'Signup', props: { plan: 'pro' } });
  bench.fake.event('example.com', 'bob', { name: 'Signup' });
  bench.fake.event('example.com', 'bob', { page: '/shop/shoes/thanks' });
  bench.fake.event('example.com', 'bob', { page: '/shop/a/b/thanks' });
  bench.fake.event('example.com', 'eve', { name: 'Signup', at: NOON - 24 * HOUR });
  await bench.read();
  const wanted = goals.map(({ id }) => ({ goal: id, after: 0, offset: 0, currency: '' }));
  const { items } = await bench.counting.countCompletions(wanted);
  expect(items.map((item) => item?.count)).toEqual([3, 1, 1]);
});

test('a goal that Plausible does not have is told by its name', async () => {
  const goal = aGoal({ name: 'Paid', event_name: 'Purchase' });
  await open();
  const triggers = [aTrigger({ type: 'goal_completion', goal: goal.id, threshold: 0 })];
  bench.notifications.current = bench.viewOf([{ id: SITE }], { goals: [goal], triggers });
  await bench.read();
  now += 5 * SECOND;
  await bench.read();
  const { read_at, problem } = bench.health(SITE) ?? {};
  expect(read_at).toBe(NOON);
  expect(problem).toMatchObject({
    code: 'query_refused',
    message: expect.stringMatching(/^goal Paid: .*`Purchase` is not configured/),
  });
});

test('hits are noticed in readings without a gap, and history says since when there are any', async () => {
  await open([spike, aTrigger({ id: 'drop', type: 'visitor_drop' })]);
  bench.fake.event('example.com', 'ann', { at: NOON - 100 * HOUR });
  bench.fake.event('example.com', 'ann', { at: NOON - 3 * HOUR + MINUTE });
  const hits = async () => (await bench.counting.readSites([SITE])).get(SITE);
  expect(await hits()).toBeUndefined();
  await bench.read();
  const known = { first_hit: NOON - 100 * HOUR, last_hit: NOON - 3 * HOUR, counting_since: 0 };
  expect(await hits()).toEqual({ ...known, noticing_since: NOON - 5 * MINUTE });
  now += 4 * MINUTE;
  await bench.read();
  expect(await hits()).toMatchObject({ noticing_since: NOON - 5 * MINUTE });
  now += 30 * MINUTE;
  await bench.read();
  expect(await hits()).toEqual({ ...known, noticing_since: now - 5 * MINUTE });
  bench.fake.event('example.com', 'bob');
  now += MINUTE;
  await bench.read();
  expect(await hits()).toMatchObject({ last_hit: now });
});
