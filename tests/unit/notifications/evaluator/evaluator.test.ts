import { storeUnavailable } from '../../../../api/src/model/problems.ts';
import type { Counting } from '../../../../api/src/store/counting.ts';
import type { AcceptItem } from '../../../../api/src/store/queue.ts';
import type { TriggerStore } from '../../../../api/src/store/triggers.ts';
import { createMemoryQueue } from '../../../support/memory-queue.ts';
import { createMemoryTriggers } from '../../../support/memory-triggers.ts';
import { DESTINATION, GOAL, HOUR, MINUTE, makeWorld, NOON, onGoal, SECOND, SITE, spike } from './harness.ts';

describe('the evaluator', () => {
  it('tells of a spike in the step after its hit, with all that explains it', async () => {
    const world = makeWorld([spike()]);
    const evaluator = world.process('a');
    await evaluator.step();
    world.hits('ann', 'bob');
    world.pass(SECOND);
    await evaluator.step();
    expect(world.told()).toEqual([]);
    world.hits('eve');
    world.pass(SECOND);
    await evaluator.step();
    expect(world.told()).toEqual([
      expect.objectContaining({
        type: 'visitor.spike',
        occurred_at: new Date(NOON + 2 * SECOND).toISOString(),
        value: 3,
        threshold: 3,
        top_pages: [{ page: '/launch', pageviews: 3 }],
        top_sources: [{ source: 'news.example', visitors: 3 }],
        url: 'https://example.com/',
      }),
    ]);
    const [event] = world.store.events.values();
    expect(event).toMatchObject({ source: '', trigger: 'trig00000000001', account: SITE.account });
    expect(event?.decisions).toEqual([
      { mapping: '', destination: DESTINATION, outcome: 'delivery', delivery: expect.any(String) },
    ]);
    expect([...world.store.deliveries.values()]).toMatchObject([{ passthrough: true, mapping: '', event: event?.id }]);
  });

  it('takes two readings of a spike 2 seconds apart by default, and needs no further hit for the second', async () => {
    const world = makeWorld([spike({ readings: 0 })]);
    const evaluator = world.process('a');
    await evaluator.step();
    world.hits('ann', 'bob', 'eve');
    // Within 5 seconds of the hit that made it.
    for (let second = 0; second < 3; second++) {
      expect(world.told()).toEqual([]);
      world.pass(SECOND);
      await evaluator.step();
    }
    expect(world.types()).toEqual(['visitor.spike']);
  });

  it('looks at many triggers in groups, so that others are answered in between', async () => {
    const sites = Array.from({ length: 1_200 }, (_, n) => ({ ...SITE, id: `site${n}`, domain: `${n}.example` }));
    const goals = sites.map(({ id: site }) => ({ ...GOAL, id: `goal-${site}`, site }));
    const triggers = sites.flatMap(({ id: site }) => [
      spike({ id: `spike-${site}`, site }),
      onGoal({ id: `goal-${site}`, site, goal: `goal-${site}` }),
    ]);
    const world = makeWorld(triggers, { sites, goals });
    const asked: Record<string, number[]> = { windows: [], goals: [] };
    const counting: Counting = {
      ...world.counting,
      countVisitors: (windows) => {
        asked.windows?.push(windows.length);
        return world.counting.countVisitors(windows);
      },
      countCompletions: (wanted) => {
        asked.goals?.push(wanted.length);
        return world.counting.countCompletions(wanted);
      },
    };
    const evaluator = world.process('a', { counting });
    await evaluator.step();
    expect(asked.windows?.slice(0, 3)).toEqual([500, 500, 200]);
    expect(asked.goals?.slice(0, 3)).toEqual([500, 500, 200]);
    expect(world.store.triggerStates.size).toBe(2_400);
  });

  it('reads of quiet sites only what time can change, and all now and then', async () => {
    const drop = spike({ id: 'trig00000000003', type: 'visitor_drop', window: '10m' });
    const world = makeWorld([spike(), onGoal(), drop]);
    const read: string[] = [];
    const counting: Counting = {
      ...world.counting,
      countVisitors(windows) {
        read.push(...windows.map(({ window_s }) => `${window_s}`));
        return world.counting.countVisitors(windows);
      },
      countCompletions(wanted) {
        read.push(...wanted.map(() => 'goal'));
        return world.counting.countCompletions(wanted);
      },
    };
    const evaluator = world.process('a', { counting });
    world.hits('ann');
    await evaluator.step();
    read.length = 0;
    for (let second = 0; second < 20; second++) {
      world.pass(SECOND);
      await evaluator.step();
    }
    expect(read).toEqual(['600', '600']);
    world.hits('ann');
    await evaluator.step();
    expect(read.slice(2).sort()).toEqual(['300', '600', 'goal']);
    read.length = 0;
    await world.steps(evaluator, 10 * SECOND);
    expect(read).toContain('goal');
  });

  it('asks when hits came for drops only', async () => {
    const asked: string[][] = [];
    const world = makeWorld([spike()]);
    const counting: Counting = {
      ...world.counting,
      readSites(sites) {
        asked.push(sites);
        return world.counting.readSites(sites);
      },
    };
    const evaluator = world.process('a', { counting });
    await evaluator.step();
    expect(asked).toEqual([]);
    world.edit([spike({ type: 'visitor_drop' })]);
    world.pass(SECOND);
    await evaluator.step();
    expect(asked).toEqual([[SITE.id]]);
  });

  it('looks at what was edited only', async () => {
    const others = Array.from({ length: 50 }, (_, n) => spike({ id: `other${n}` }));
    const world = makeWorld([...others, spike()]);
    let asked = 0;
    const triggers = createMemoryTriggers(world.store, 'a');
    const counting: Counting = {
      ...world.counting,
      countVisitors(windows) {
        asked += windows.length;
        return world.counting.countVisitors(windows);
      },
    };
    const saved: number[] = [];
    const counted: TriggerStore = {
      ...triggers,
      save(items) {
        saved.push(items.length);
        return triggers.save(items);
      },
    };
    const evaluator = world.process('a', { counting, triggers: counted });
    await evaluator.step();
    asked = 0;
    world.pass(SECOND);
    world.edit([...others, spike({ window: '10m' })]);
    await evaluator.step();
    expect([asked, saved.at(-1)]).toEqual([1, 1]);
    world.pass(SECOND);
    await evaluator.step();
    expect(asked).toBe(1);
  });

  it('sees without a hit that a spike is over, within 10 seconds', async () => {
    const world = makeWorld([spike()]);
    const evaluator = world.process('a');
    await evaluator.step();
    world.hits('ann', 'bob', 'eve');
    await evaluator.step();
    await world.steps(evaluator, 5 * MINUTE - 10 * SECOND);
    expect(world.types()).toEqual(['visitor.spike']);
    await world.steps(evaluator, 20 * SECOND);
    expect(world.types()).toEqual(['visitor.spike', 'visitor.spike.recovered']);
  });

  it('looks at an edit at once', async () => {
    const world = makeWorld([]);
    const evaluator = world.process('a');
    world.hits('ann', 'bob', 'eve');
    await evaluator.step();
    world.pass(SECOND);
    world.edit([spike()]);
    await evaluator.step();
    world.pass(SECOND);
    world.hits('ann');
    await evaluator.step();
    expect(world.types()).toEqual(['visitor.spike']);
  });

  it('tells each completion once, and the rest of a minute together', async () => {
    const world = makeWorld([onGoal()]);
    const evaluator = world.process('a');
    await evaluator.step();
    for (let i = 0; i < 70; i++) world.counting.complete(SITE.id, GOAL.id, { page: '/thanks' });
    world.pass(SECOND);
    await evaluator.step();
    expect(world.told().map(({ count }) => count)).toEqual(Array(60).fill(1));
    world.pass(MINUTE);
    await evaluator.step();
    expect(world.told().slice(60)).toMatchObject([{ count: 10, rest: true, top_pages: [] }]);
  });

  it('keeps a value of each site, window and goal every 5 minutes', async () => {
    const world = makeWorld([spike({ window: '10m' })]);
    const evaluator = world.process('a');
    world.hits('ann', 'bob');
    await evaluator.step();
    world.counting.complete(SITE.id, GOAL.id);
    for (let minute = 0; minute < 6; minute++) {
      world.pass(MINUTE);
      await evaluator.step();
    }
    const slot = NOON / (5 * MINUTE);
    const values = (site: string, window_s: number) => world.counting.readValues({ site, window_s }, slot, slot + 3);
    expect(await values(SITE.id, 300)).toEqual([2, 0, null]);
    expect(await values(SITE.id, 600)).toEqual([2, 2, null]);
    expect(await values(GOAL.id, 300)).toEqual([null, 1, null]);
  });

  it('learns what is usual from what it kept', async () => {
    const world = makeWorld([spike({ threshold: 0, relative_threshold: 3 })]);
    const slot = NOON / (5 * MINUTE);
    const week = (7 * 24 * HOUR) / (5 * MINUTE);
    for (const weeks of [1, 2]) {
      for (let i = 0; i < 12; i++) {
        await world.counting.saveValues(slot - weeks * week + i, [{ site: SITE.id, window_s: 300, value: 4 }]);
      }
    }
    const evaluator = world.process('a');
    await evaluator.step();
    world.hits(...Array.from({ length: 12 }, (_, i) => `visitor ${i}`));
    world.pass(SECOND);
    await evaluator.step();
    expect(world.told()).toMatchObject([{ value: 12, threshold: 12, baseline: 4 }]);
  });

  it('counts what it told, and how late', async () => {
    const world = makeWorld([onGoal()]);
    const evaluator = world.process('a');
    await evaluator.step();
    world.counting.complete(SITE.id, GOAL.id);
    world.pass(2 * SECOND);
    await evaluator.step();
    const text = await world.metrics.registry.metrics();
    expect(text).toContain('pockethook_trigger_firings_total{type="goal.completed"} 1');
    expect(text).toContain('pockethook_trigger_lag_seconds_sum 2');
    expect(text).toContain('pockethook_evaluating 1');
  });
});

describe('a trigger that can not be evaluated', () => {
  it('costs itself only', async () => {
    const broken = spike({ id: 'trig00000000009', quiet_hours: { from: null, to: null } as never });
    const world = makeWorld([broken, spike()]);
    const evaluator = world.process('a');
    await evaluator.step();
    world.hits('ann', 'bob', 'eve');
    await evaluator.step();
    expect(world.told()).toMatchObject([{ trigger: { id: 'trig00000000001' } }]);
    expect(await world.metrics.registry.metrics()).toMatch(/pockethook_trigger_faults_total [1-9]/);
  });

  it('because its site has no such time zone costs itself only', async () => {
    const sites = [SITE, { ...SITE, id: 'site00000000002', domain: 'b.example', timezone: 'Europe/Atlantis' }];
    const world = makeWorld([spike({ id: 'trig00000000009', site: 'site00000000002' }), spike()], { sites });
    const evaluator = world.process('a');
    await evaluator.step();
    world.hits('ann', 'bob', 'eve');
    await evaluator.step();
    expect(world.types()).toEqual(['visitor.spike']);
  });
});

describe('two processes', () => {
  it('evaluate one at a time; the other takes over within 10 seconds, and goes on where it stood', async () => {
    const world = makeWorld([spike()]);
    const [a, b] = [world.process('a'), world.process('b')];
    expect([await a.step(), await b.step()]).toEqual([true, false]);
    world.hits('ann', 'bob', 'eve');
    await a.step();
    expect(await b.step()).toBe(false);
    // `a` is gone from here on.
    let waited = 0;
    while (!(await b.step())) {
      world.pass(SECOND);
      waited += SECOND;
    }
    expect(waited).toBeLessThanOrEqual(10 * SECOND);
    await world.steps(b, 5 * MINUTE);
    expect(world.types()).toEqual(['visitor.spike', 'visitor.spike.recovered']);
  });

  it('change at once when one is stopped', async () => {
    const world = makeWorld([spike()]);
    const [a, b] = [world.process('a'), world.process('b')];
    await a.step();
    await a.stop();
    world.pass(1);
    expect(await b.step()).toBe(true);
  });

  it('tell nothing twice when the first was only slow', async () => {
    const world = makeWorld([spike()]);
    const slow = createMemoryQueue(world.store, { owner: 'a', leaseMs: 30_000 });
    let later: (() => Promise<unknown>) | undefined;
    const a = world.process('a', {
      accept: async (items: AcceptItem[]) => {
        later = () => slow.accept(items);
        throw storeUnavailable();
      },
    });
    const b = world.process('b');
    await a.step();
    world.hits('ann', 'bob', 'eve');
    await a.step();
    expect(later).toBeDefined();
    world.pass(7 * SECOND);
    await b.step();
    world.hits('ann');
    await b.step();
    expect(world.types()).toEqual(['visitor.spike']);
    // What `a` had sent arrives now.
    expect(await later?.()).toMatchObject([{ status: expect.stringMatching(/accepted|stale/) }]);
    expect(world.types()).toEqual(['visitor.spike']);
    expect([...world.store.deliveries.values()]).toHaveLength(1);
  });
});

describe('when the store is away', () => {
  it.each(['before', 'after'])('%s a firing was stored, it is told once', async (when) => {
    const world = makeWorld([spike(), onGoal()]);
    const queue = createMemoryQueue(world.store, { owner: 'a', leaseMs: 30_000 });
    let away = 1;
    const evaluator = world.process('a', {
      accept: async (items) => {
        if (away-- > 0) {
          if (when === 'after') await queue.accept(items);
          throw storeUnavailable();
        }
        return queue.accept(items);
      },
    });
    await evaluator.step();
    world.hits('ann', 'bob', 'eve');
    world.counting.complete(SITE.id, GOAL.id);
    for (let second = 0; second < 12; second++) {
      await evaluator.step();
      world.pass(SECOND);
    }
    expect(world.types().sort()).toEqual(['goal.completed', 'visitor.spike']);
  });

  it('is not taken for a count of 0', async () => {
    const world = makeWorld([spike({ type: 'visitor_drop', window: '10m' })]);
    let away = false;
    const counting = {
      ...world.counting,
      countVisitors: (windows: Parameters<typeof world.counting.countVisitors>[0]) =>
        away ? Promise.reject(storeUnavailable()) : world.counting.countVisitors(windows),
    };
    const evaluator = world.process('a', { counting });
    world.hits('ann', 'bob', 'eve');
    await evaluator.step();
    world.pass(HOUR);
    away = true;
    expect(await evaluator.step()).toBe(false);
    expect(world.told()).toEqual([]);
  });

  it('nor is what can not be counted of one site: nothing is decided, and nothing kept', async () => {
    const drop = spike({ type: 'visitor_drop', window: '10m', relative_threshold: 0.5, threshold: 0 });
    const world = makeWorld([drop, onGoal()]);
    let away = false;
    const counting: Counting = {
      ...world.counting,
      countVisitors: async (windows) => {
        const { now, counts } = await world.counting.countVisitors(windows);
        return { now, counts: away ? counts.map(() => null) : counts };
      },
      countCompletions: async (wanted) => {
        const { now, items } = await world.counting.countCompletions(wanted);
        return { now, items: away ? items.map(() => null) : items };
      },
      readHours: async (items) => (away ? items.map(() => null) : world.counting.readHours(items)),
    };
    const evaluator = world.process('a', { counting });
    const slot = NOON / (5 * MINUTE);
    const kept = (site: string) => world.counting.readValues({ site, window_s: 300 }, slot, slot + 14);
    world.hits('ann', 'bob', 'eve');
    await evaluator.step();
    world.pass(5 * MINUTE);
    await evaluator.step();
    away = true;
    for (let minute = 0; minute < 50; minute += 5) {
      world.pass(5 * MINUTE);
      expect(await evaluator.step()).toBe(true);
    }
    world.counting.complete(SITE.id, GOAL.id);
    await evaluator.step();
    expect(world.told()).toEqual([]);
    expect(await kept(SITE.id)).toEqual([3, 0, ...Array(12).fill(null)]);
    expect(await kept(GOAL.id)).toEqual([null, 0, ...Array(12).fill(null)]);
    away = false;
    world.pass(10 * SECOND);
    await evaluator.step();
    expect(world.types()).toEqual(['goal.completed']);
  });
});

it('states of which nothing is told are stored from time to time', async () => {
  const world = makeWorld([onGoal({ notify: 'every_nth', nth: 100 })]);
  const evaluator = world.process('a');
  await evaluator.step();
  for (let i = 0; i < 30; i++) world.counting.complete(SITE.id, GOAL.id);
  for (let minute = 0; minute < 6; minute++) {
    world.pass(MINUTE);
    await evaluator.step();
  }
  const [stored] = await createMemoryTriggers(world.store, 'x').readStates();
  expect(stored?.state).toMatchObject({ progress: { counted: 30 } });
});

it('an installation without sites asks the store for nothing', async () => {
  const world = makeWorld([], { sites: [] });
  const evaluator = world.process('a', {
    triggers: new Proxy({} as never, {
      get() {
        throw new Error('asked');
      },
    }),
  });
  expect(await evaluator.step()).toBe(false);
});
