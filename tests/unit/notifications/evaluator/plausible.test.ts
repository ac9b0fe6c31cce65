import type { Trigger } from '../../../../api/src/model/notifications.ts';
import { createRoutedCounting } from '../../../../api/src/notifications/counting/routed.ts';
import type { Evaluator } from '../../../../api/src/notifications/triggers/evaluator.ts';
import { aGoal } from '../../../support/notifications.ts';
import { openPlausibleBench } from '../../../support/plausible-bench.ts';
import { GOAL, HOUR, MINUTE, makeWorld, NOON, onGoal, SECOND, SITE, spike } from './harness.ts';

const DOMAIN = SITE.domain;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A site at Plausible beside one whose hits are counted, under one evaluator. */
async function watch(triggers: Trigger[]) {
  const world = makeWorld(triggers);
  const bench = await openPlausibleBench({
    now: () => world.now,
    sites: [{ ...SITE, counted_by: 'plausible' }],
    goals: [aGoal({ ...GOAL })],
    triggers,
    kept: world.counting,
  });
  closing.push(bench.close);
  // The evaluator and the readings go by one configuration.
  const view = bench.viewOf([
    { ...SITE, counted_by: 'plausible', statistics_url: bench.fake.url, statistics_key: bench.fake.key },
    { ...SITE, id: 'site00000000009', domain: 'hits.example', counted_by: 'hits' },
  ]);
  const site = view.site(SITE.id);
  const notifications = {
    current: {
      ...view,
      triggers,
      triggersOf: view.triggersOf,
      site: (id: string) => (id === SITE.id ? site : view.site(id)),
    },
  };
  world.use(notifications.current);
  bench.notifications.current = notifications.current;
  const counting = createRoutedCounting({ notifications, hits: world.counting, plausible: bench.counting });
  const evaluator = world.process('a', { counting });

  async function steps(ms: number, everyMs = SECOND): Promise<void> {
    for (let left = ms; left > 0; left -= everyMs) {
      world.pass(everyMs);
      await step(evaluator);
    }
  }
  async function step(one: Evaluator): Promise<void> {
    await bench.counting.settled();
    await one.step();
  }
  return {
    ...bench,
    world,
    steps,
    visit: (...visitors: string[]) => {
      for (const visitor of visitors) bench.fake.event(DOMAIN, visitor, { page: '/launch', source: 'Hacker News' });
    },
  };
}

it('tells of a spike within 30 seconds and a step, with the pages and sources of Plausible', async () => {
  const { world, steps, visit } = await watch([spike()]);
  await steps(5 * SECOND);
  visit('ann', 'bob', 'eve');
  await steps(32 * SECOND);
  expect(world.told()).toMatchObject([
    {
      type: 'visitor.spike',
      site: { domain: DOMAIN },
      value: 3,
      top_pages: [{ page: '/launch', pageviews: 3 }],
      top_sources: [{ source: 'Hacker News', visitors: 3 }],
    },
  ]);
  await steps(6 * MINUTE, 10 * SECOND);
  expect(world.types()).toEqual(['visitor.spike', 'visitor.spike.recovered']);
});

it('takes as many readings as the trigger asks for, each once', async () => {
  const { world, steps, visit, fake } = await watch([spike({ readings: 2 })]);
  await steps(5 * SECOND);
  visit('ann', 'bob', 'eve');
  await steps(35 * SECOND);
  expect(world.types()).toEqual([]);
  await steps(25 * SECOND);
  expect(world.types()).toEqual(['visitor.spike']);
  expect(fake.asked.filter(({ path }) => path.includes('realtime'))).toHaveLength(3);
});

it('tells of each completion once', async () => {
  const { world, steps, fake } = await watch([onGoal({ threshold: 0 })]);
  fake.event(DOMAIN, 'old', { name: 'Signup' });
  await steps(40 * SECOND);
  for (const visitor of ['ann', 'bob']) fake.event(DOMAIN, visitor, { name: 'Signup' });
  await steps(40 * SECOND);
  await steps(12 * HOUR, 5 * MINUTE);
  fake.event(DOMAIN, 'eve', { name: 'Signup' });
  await steps(5 * MINUTE, 10 * SECOND);
  expect(world.told().map(({ type, value }) => [type, value])).toEqual(Array(3).fill(['goal.completed', 1]));
});

describe('a drop and a silence', () => {
  const drop = spike({ type: 'visitor_drop', threshold: 3, window: '2h' });

  /** Somebody comes every 5 minutes, for 10 days and up to now. */
  function past(bench: Awaited<ReturnType<typeof watch>>): void {
    for (let at = NOON - 240 * HOUR; at <= NOON; at += 5 * MINUTE)
      for (let n = 0; n < 3; n++) bench.fake.event(DOMAIN, `${at} ${n}`, { at });
  }

  it('are judged at once by the past that Plausible knows', async () => {
    const bench = await watch([drop]);
    past(bench);
    await bench.steps(6 * MINUTE, 10 * SECOND);
    expect(bench.world.told()).toEqual([]);
    await bench.steps(40 * MINUTE, 10 * SECOND);
    expect(bench.world.types()).toEqual(['site.silent']);
    bench.fake.event(DOMAIN, 'ann');
    await bench.steps(6 * MINUTE, 10 * SECOND);
    expect(bench.world.types()).toEqual(['site.silent', 'site.silent.recovered']);
  });

  it.each([
    ['refuses the key', 401],
    ['refuses the plan', 402],
    ['does not know the site', 404],
    ['has had enough', 429],
    ['fails', 500],
    ['answers rubbish', 200],
  ])('are never what is told because Plausible %s', async (_, status) => {
    const bench = await watch([drop, spike({ id: 'trig00000000003', threshold: 1_000 })]);
    past(bench);
    await bench.steps(6 * MINUTE, 10 * SECOND);
    bench.fake.interfere = (_, response) => Boolean(response.writeHead(status).end('<html>'));
    await bench.steps(5 * HOUR, MINUTE);
    expect(bench.world.told()).toEqual([]);
    expect(bench.health(SITE.id)?.problem).not.toBeNull();
    // Nor because it is not known who came meanwhile.
    bench.fake.interfere = () => false;
    for (let at = bench.world.now - 2 * HOUR; at <= bench.world.now; at += 5 * MINUTE)
      bench.fake.event(DOMAIN, `${at}`, { at });
    await bench.steps(20 * MINUTE, 10 * SECOND);
    expect(bench.world.told()).toEqual([]);
    expect(bench.health(SITE.id)?.problem).toBeNull();
  });
});

it('learns what is usual from the past that Plausible knows', async () => {
  const { world, steps, visit, fake } = await watch([spike({ threshold: 0, relative_threshold: 3 })]);
  // 10 visitors in each 5 minutes, for 5 weeks.
  for (let at = NOON - 35 * 24 * HOUR; at <= NOON; at += 5 * MINUTE)
    for (let n = 0; n < 10; n++) fake.event(DOMAIN, `${at} ${n}`, { at: at + n * SECOND });
  await steps(40 * SECOND);
  visit(...Array.from({ length: 31 }, (_, n) => `visitor ${n}`));
  await steps(40 * SECOND);
  const [told] = world.told();
  expect(told?.type).toBe('visitor.spike');
  expect(told?.baseline).toBeCloseTo(10, -1);
});

it('goes on when another process takes over: nothing is told twice', async () => {
  const { world, steps, visit, counting, notifications } = await watch([spike()]);
  await steps(5 * SECOND);
  visit('ann', 'bob', 'eve');
  await steps(32 * SECOND);
  const other = world.process('b', {
    counting: createRoutedCounting({ notifications, hits: world.counting, plausible: counting }),
  });
  world.pass(10 * SECOND);
  for (let i = 0; i < 60; i++) {
    world.pass(SECOND);
    await counting.settled();
    await other.step();
  }
  expect(world.types()).toEqual(['visitor.spike']);
});
