import { jest } from '@jest/globals';
import { RETRY_NOW, settlement } from '../../contract/queue.fixture.ts';
import { createMemoryQueue } from '../../support/memory-queue.ts';
import { type Deliver, hang, openDispatcher, succeed } from './harness.ts';

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

test('what an accept leases is delivered at once, without asking the store again', async () => {
  const { dispatcher, post, record, calls, slots } = await openDispatcher({ destinations: [{ id: 'a' }] });
  dispatcher.run();
  await pass(10);
  const before = calls.claim;
  const [id = ''] = await post('a');
  await pass(10);
  expect(record(id)).toMatchObject({ state: 'delivered', attempts_made: 1 });
  expect(calls.claim).toBe(before);
  expect(slots.busy).toBe(0);
  await stopInTime(dispatcher.stop(0), 600);
});

test('a retry is made when it is due', async () => {
  let tries = 0;
  const deliver: Deliver = async (delivery) =>
    ++tries === 1 ? settlement(delivery, { ...RETRY_NOW, retry_in_ms: 250 }) : succeed(delivery, ...NEVER);
  const { dispatcher, post, record } = await openDispatcher({ destinations: [{ id: 'a' }], deliver });
  dispatcher.run();
  const [id = ''] = await post('a');
  await pass(240);
  expect(record(id)).toMatchObject({ state: 'pending', attempts_made: 1 });
  await pass(30);
  expect(record(id)).toMatchObject({ state: 'delivered', attempts_made: 2 });
  await stopInTime(dispatcher.stop(0), 600);
});

describe('one slow destination delays no other', () => {
  const bySpeed: Deliver = (delivery, destination, signal) =>
    (destination.id.startsWith('slow') ? hang : succeed)(delivery, destination, signal);

  test.each([
    [1, 'before'],
    [3, 'before'],
    [1, 'while'],
    [3, 'while'],
  ] as const)('%i slow ones, with a backlog from %s it runs', async (count, when) => {
    const slow = Array.from({ length: count }, (_, i) => `slow${i}`);
    const destinations = [...slow, 'fast'].map((id) => ({ id, max_concurrency: 1000 }));
    const { dispatcher, post, begun, settled } = await openDispatcher({ destinations, deliver: bySpeed });
    if (when === 'while') dispatcher.run();
    for (let i = 0; i < 20; i++) await post(...slow);
    dispatcher.run();
    await pass(100);
    const posted = [];
    for (let i = 0; i < 20; i++) posted.push(...(await post('fast')));
    await pass(500);
    expect(settled).toEqual(expect.arrayContaining(posted));
    expect(begun.length - posted.length).toBeGreaterThanOrEqual(count);
    await stopInTime(dispatcher.stop(0), 600);
  });
});

test('a settlement waits for others only while nothing waits for it', async () => {
  const destinations = [
    { id: 'calm' },
    { id: 'ordered', ordered: true },
    { id: 'narrow', max_concurrency: 3 },
    { id: 'failing' },
  ];
  const deliver: Deliver = async (delivery, destination, signal) =>
    destination.id === 'failing' ? settlement(delivery, RETRY_NOW) : succeed(delivery, destination, signal);
  const { dispatcher, post, patient, settled } = await openDispatcher({ destinations, deliver });
  dispatcher.run();
  await pass(10);
  for (const { id } of destinations) {
    await post(id);
    await pass(1);
  }
  expect(settled.length).toBeGreaterThanOrEqual(destinations.length);
  expect(patient).toEqual(['calm']);
  await stopInTime(dispatcher.stop(0), 600);
});

test('what is backlogged is settled at once', async () => {
  const { dispatcher, post, patient, settled } = await openDispatcher({ destinations: [{ id: 'a' }], slots: 2 });
  for (let i = 0; i < 20; i++) await post('a');
  dispatcher.run();
  await pass(200);
  expect(settled).toHaveLength(20);
  expect(patient).toEqual([]);
  await stopInTime(dispatcher.stop(0), 600);
});

describe('a backlog', () => {
  test.each([
    ['of a destination that takes one at a time', { max_concurrency: 1 }],
    ['of an ordered destination', { ordered: true }],
    ['of any other', {}],
  ])('%s is worked off as fast as it takes them, in the order of acceptance', async (_name, settings) => {
    const { dispatcher, post, begun } = await openDispatcher({ destinations: [{ id: 'a', ...settings }] });
    const posted = [];
    for (let i = 0; i < 40; i++) posted.push(...(await post('a')));
    dispatcher.run();
    await pass(500);
    expect(begun).toEqual(posted);
    await stopInTime(dispatcher.stop(0), 600);
  });

  test('new events queue up behind it', async () => {
    const { dispatcher, post, begun } = await openDispatcher({ destinations: [{ id: 'a' }], slots: 2 });
    const posted = [];
    for (let i = 0; i < 10; i++) posted.push(...(await post('a')));
    dispatcher.run();
    await pass(1);
    expect(begun.length).toBeLessThan(10);
    posted.push(...(await post('a')));
    await pass(500);
    expect(begun).toEqual(posted);
    await stopInTime(dispatcher.stop(0), 600);
  });

  test('while all slots are taken the store is not asked', async () => {
    const destinations = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    const { dispatcher, post, calls, slots } = await openDispatcher({ destinations, deliver: hang, slots: 2 });
    dispatcher.run();
    await post('a');
    await post('b');
    await post('c');
    await pass(100);
    expect(slots.free).toBe(0);
    const before = calls.claim;
    await pass(5_000);
    expect(calls.claim).toBe(before);
    await stopInTime(dispatcher.stop(0), 600);
  });
});

describe('while the store is away', () => {
  test('a result is kept and settled when it is back', async () => {
    const { dispatcher, post, record, faults, begun } = await openDispatcher({ destinations: [{ id: 'a' }] });
    dispatcher.run();
    faults.settle = new Error('away');
    const [id = ''] = await post('a');
    await pass(5_000);
    expect(record(id)).toMatchObject({ state: 'delivering' });
    delete faults.settle;
    await pass(1_000);
    expect(record(id)).toMatchObject({ state: 'delivered', attempts_made: 1 });
    expect(begun).toEqual([id]);
    await stopInTime(dispatcher.stop(0), 600);
  });

  test('an attempt that has ended holds no slot, only the room of its body until it is settled', async () => {
    const destinations = [{ id: 'a' }];
    const { dispatcher, post, faults, slots } = await openDispatcher({ destinations, slots: 2, maxLength: 8 });
    dispatcher.run();
    faults.settle = new Error('away');
    await post('a');
    await pass(1_000);
    expect([slots.busy, slots.free, slots.hold(1, 8)]).toEqual([0, 2, undefined]);
    delete faults.settle;
    await pass(1_000);
    expect(slots.hold(1, 8)).toMatchObject({ length: 4 });
    await stopInTime(dispatcher.stop(0), 2_000);
  });

  test('a result is given up when the lease has run out, and its slot is free again', async () => {
    const { dispatcher, post, faults, calls, slots, lines } = await openDispatcher({ destinations: [{ id: 'a' }] });
    dispatcher.run();
    faults.settle = new Error('away');
    await post('a');
    await pass(61_000);
    const given = calls.settle;
    expect(slots.busy).toBe(0);
    await pass(10_000);
    expect(calls.settle).toBe(given);
    expect(lines).toContainEqual(expect.objectContaining({ level: 'error', error: 'away' }));
    await stopInTime(dispatcher.stop(0), 600);
  });

  test.each([
    ['nothing else is known', 0],
    ['there was a backlog', 30],
  ])('claims are repeated, but not in a hurry: %s', async (_name, backlog) => {
    const { dispatcher, post, calls, faults } = await openDispatcher({ destinations: [{ id: 'a' }], deliver: hang });
    for (let i = 0; i < backlog; i++) await post('a');
    dispatcher.run();
    await pass(1);
    faults.claim = new Error('away');
    const before = calls.claim;
    for (let i = 0; i < 100; i++) {
      dispatcher.wake();
      await pass(20);
    }
    expect(calls.claim - before).toBeGreaterThan(1);
    expect(calls.claim - before).toBeLessThan(10);
    await stopInTime(dispatcher.stop(0), 600);
  });
});

describe('what is under way at once', () => {
  const names = Array.from({ length: 12 }, (_, i) => `d${i}`);
  const destinations = ['a', ...names].map((id) => ({ id, max_concurrency: 1000 }));

  test('is never more than the slots, whatever is accepted while a claim is under way', async () => {
    const open: Awaited<ReturnType<typeof openDispatcher>> = await openDispatcher({
      destinations,
      deliver: hang,
      beforeClaimed: async () => {
        for (const name of names) await open.post(name);
      },
    });
    for (let i = 0; i < 20; i++) await open.post('a');
    open.dispatcher.run();
    await pass(10);
    expect(open.begun.length).toBeGreaterThan(4);
    expect([open.slots.busy, open.begun.length]).toEqual([8, 8]);
    await stopInTime(open.dispatcher.stop(0), 2_000);
  });

  test('holds no more characters than fit in, claimed or accepted; each comes to its turn', async () => {
    // Each body has 8 characters.
    let most = 0;
    let now = 0;
    const deliver: Deliver = async (delivery, ...rest) => {
      now += delivery.request_body.length;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 20));
      now -= delivery.request_body.length;
      return succeed(delivery, ...rest);
    };
    const { dispatcher, post, settled } = await openDispatcher({ destinations, deliver, slots: 100, maxLength: 30 });
    for (let i = 0; i < 10; i++) await post('a');
    dispatcher.run();
    await pass(5);
    for (const name of names) await post(name);
    await pass(2_000);
    expect(settled).toHaveLength(22);
    // The one that reaches the limit still belongs to a claim.
    expect(most).toBeLessThan(30 + 8);
    expect(most).toBeGreaterThan(16);
    await stopInTime(dispatcher.stop(0), 600);
  });
});

describe('a lease that may end before the attempt', () => {
  test('is given back without an attempt', async () => {
    const destinations = [{ id: 'a', timeout_ms: 15_000 }];
    const { dispatcher, post, record, begun } = await openDispatcher({ destinations, leaseMs: 16_000 });
    dispatcher.run();
    const [id = ''] = await post('a');
    await pass(500);
    expect(begun).toEqual([]);
    expect(record(id)).toMatchObject({ state: 'pending', attempts_made: 0, claims: 0 });
    await stopInTime(dispatcher.stop(0), 600);
  });
});

describe('stopping', () => {
  test('gives leases back after the grace, for another process to take at once', async () => {
    const { dispatcher, post, record, store } = await openDispatcher({ destinations: [{ id: 'a' }], deliver: hang });
    dispatcher.run();
    const [id = ''] = await post('a');
    await pass(10);
    await stopInTime(dispatcher.stop(7_000), 7_001);
    expect(record(id)).toMatchObject({ state: 'pending', attempts_made: 0, claims: 0 });
    const { deliveries } = await createMemoryQueue(store, { owner: 'other', leaseMs: 60_000 }).claim(1, 1);
    expect(deliveries.map((delivery) => delivery.id)).toEqual([id]);
  });

  test('lets what is under way finish, and ends at once when it has', async () => {
    const deliver: Deliver = async (...args) => {
      await new Promise((resolve) => setTimeout(resolve, 300));
      return succeed(...args);
    };
    const { dispatcher, post, record } = await openDispatcher({ destinations: [{ id: 'a' }], deliver });
    dispatcher.run();
    const [id = ''] = await post('a');
    await stopInTime(dispatcher.stop(7_000), 300);
    expect(record(id)).toMatchObject({ state: 'delivered' });
    expect(jest.getTimerCount()).toBe(0);
  });

  test('does not wait for a store that is away', async () => {
    const { dispatcher, post, faults } = await openDispatcher({ destinations: [{ id: 'a' }], deliver: hang });
    dispatcher.run();
    await post('a');
    await pass(10);
    faults.settle = new Error('away');
    await stopInTime(dispatcher.stop(1_000), 2_000);
  });

  test('takes nothing new', async () => {
    const { dispatcher, post, begun, record } = await openDispatcher({ destinations: [{ id: 'a' }] });
    dispatcher.run();
    await stopInTime(dispatcher.stop(0), 1);
    const [id = ''] = await post('a');
    await pass(5_000);
    expect(begun).toEqual([]);
    expect(record(id)).toMatchObject({ state: 'pending' });
    expect(dispatcher.running).toBe(false);
  });
});

const NEVER: [never, AbortSignal] = [undefined as never, new AbortController().signal];

/** Fails unless it ends within this time. */
async function stopInTime(stopped: Promise<void>, ms: number): Promise<void> {
  let ended = false;
  const done = stopped.then(() => {
    ended = true;
  });
  await pass(ms);
  expect(ended).toBe(true);
  await done;
}
