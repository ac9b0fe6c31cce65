import type { OutcomeKind } from '../../api/src/model/delivery.ts';
import {
  acceptOne,
  acceptWaiting,
  aDeliveryTo,
  claimIds,
  claimOne,
  DELIVERED,
  type QueueFixture,
  RETRY_NOW,
  settlement,
} from './queue.fixture.ts';

const ACTOR = 'operator:a@b.c';
const OPEN_AFTER = 10;
const DAY_MS = 24 * 3_600_000;

export function policyCases(fixture: () => QueueFixture): void {
  const queue = (owner?: string) => fixture().queue(owner);
  const state = async (id: string) => (await fixture().delivery(id))?.state;

  /** What this suite asked for: a real store audits as well how the destination was made. */
  const auditOf = async (id: string) => (await fixture().audit(id)).filter((entry) => entry.startsWith(ACTOR));

  /** One attempt of whatever is due, with this outcome; what it changed. */
  async function attempt(outcome: OutcomeKind, next = RETRY_NOW) {
    const [result] = await queue().settle([settlement(await claimOne(queue()), next, { outcome })]);
    if (result?.status !== 'settled') throw new Error(`not settled: ${JSON.stringify(result)}`);
    return result.change;
  }

  /** A destination whose breaker is open, with as many waiting deliveries. */
  async function failing(waiting: number) {
    const destination = await fixture().addDestination();
    const ids = await acceptWaiting(fixture(), destination, waiting);
    for (let i = 1; i < OPEN_AFTER; i++) expect(await attempt('retry')).toBeUndefined();
    expect(await attempt('retry')).toBe('opened');
    return { destination, ids };
  }

  describe('rate limit', () => {
    test('lets a second’s worth go, over all processes, and tells when there is more', async () => {
      const destination = await fixture().addDestination({ rate_limit: 0.1 });
      await acceptWaiting(fixture(), destination, 3);
      expect(await claimIds(queue('a'))).toHaveLength(1);
      expect(await claimIds(queue('b'))).toEqual([]);
      const { next_due_in_ms } = await queue('a').claim(10, 10);
      expect(next_due_in_ms).toBeGreaterThan(5_000);
      expect(next_due_in_ms).toBeLessThan(10_100);
    });

    test('counts what is leased in the commit that accepts it', async () => {
      const destination = await fixture().addDestination({ rate_limit: 0.1 });
      const deliveries = [aDeliveryTo(destination, { lease: true }), aDeliveryTo(destination, { lease: true })];
      expect((await acceptOne(fixture(), deliveries)).leased).toEqual([deliveries[0]?.id]);
      expect(await claimIds(queue())).toEqual([]);
    });

    test('lets nothing new pass what waits', async () => {
      const destination = await fixture().addDestination({ rate_limit: 0.1 });
      const [first] = await acceptWaiting(fixture(), destination);
      expect((await acceptOne(fixture(), [aDeliveryTo(destination, { lease: true })])).leased).toEqual([]);
      expect(await claimIds(queue())).toEqual([first]);
    });
  });

  describe('pause and resume', () => {
    const command = (destination: string, verb: 'pause' | 'resume', rate = 0) =>
      queue().commandDestination({ destination, command: verb, rate, actor: ACTOR });

    test('nothing is dropped: what waits and what comes is held, then goes out', async () => {
      const destination = await fixture().addDestination();
      const [under, waiting] = (await acceptWaiting(fixture(), destination, 2)) as [string, string];
      const leased = await claimOne(queue());
      expect(leased.id).toBe(under);
      expect(await command(destination, 'pause')).toEqual({ status: 'done', paused: true, deliveries: 1 });
      const [later] = (await acceptWaiting(fixture(), destination)) as [string];
      await queue().settle([settlement(leased, RETRY_NOW)]);
      expect(await Promise.all([under, waiting, later].map(state))).toEqual(['held', 'held', 'held']);
      expect(await claimIds(queue())).toEqual([]);
      expect(await command(destination, 'resume')).toEqual({ status: 'done', paused: false, deliveries: 3 });
      expect((await claimIds(queue())).sort()).toEqual([under, waiting, later].sort());
      expect(await auditOf(destination)).toEqual([`${ACTOR} destination.pause`, `${ACTOR} destination.resume`]);
    });

    test('a resume at a rate spreads what was held, in the order of acceptance', async () => {
      const destination = await fixture().addDestination();
      const ids = await acceptWaiting(fixture(), destination, 3);
      await command(destination, 'pause');
      const before = Date.now();
      await command(destination, 'resume', 0.5);
      const times = await Promise.all(ids.map(async (id) => (await fixture().delivery(id))?.next_attempt_at ?? 0));
      expect((times[1] ?? 0) - before).toBeGreaterThanOrEqual(2_000);
      expect((times[2] ?? 0) - (times[1] ?? 0)).toBe(2_000);
      expect(await claimIds(queue())).toEqual([ids[0]]);
    });

    test('asked twice, it changes nothing; a destination that nobody knows is unknown', async () => {
      const destination = await fixture().addDestination();
      expect(await command(destination, 'resume')).toEqual({ status: 'done', paused: false, deliveries: 0 });
      expect(await auditOf(destination)).toEqual([]);
      expect(await command('unknown00000000', 'pause')).toEqual({ status: 'unknown' });
    });

    test('enabling a paused destination lets nothing go', async () => {
      const destination = await fixture().addDestination();
      const [id] = (await acceptWaiting(fixture(), destination)) as [string];
      await command(destination, 'pause');
      await fixture().setEnabled(destination, false);
      await fixture().setEnabled(destination, true);
      expect(await state(id)).toBe('held');
    });
  });

  describe('circuit breaker', () => {
    test('opens after failures in a row; nothing is leased, no tries are used', async () => {
      const { destination, ids } = await failing(2);
      expect(await fixture().health(destination)).toMatchObject({ state: 'open', failures: OPEN_AFTER });
      const tried = await Promise.all(ids.map(async (id) => (await fixture().delivery(id))?.tries_used));
      expect((await acceptOne(fixture(), [aDeliveryTo(destination, { lease: true })])).leased).toEqual([]);
      const { deliveries, next_due_in_ms } = await queue().claim(10, 10);
      expect(deliveries).toEqual([]);
      expect(next_due_in_ms).toBeGreaterThan(15_000);
      expect(next_due_in_ms).toBeLessThan(40_000);
      expect(await Promise.all(ids.map(async (id) => (await fixture().delivery(id))?.tries_used))).toEqual(tried);
    });

    test('a success in between starts the count anew', async () => {
      const destination = await fixture().addDestination();
      await acceptWaiting(fixture(), destination, 2);
      for (let i = 1; i < OPEN_AFTER; i++) await attempt('retry');
      expect(await attempt('success', DELIVERED)).toBeUndefined();
      expect(await fixture().health(destination)).toBeUndefined();
      expect(await attempt('retry')).toBeUndefined();
    });

    test('lets exactly one probe through, over all processes; its success lets all go', async () => {
      const { destination } = await failing(4);
      await fixture().ageHealth(destination, { probeDue: true });
      const claims = await Promise.all(['a', 'b', 'c'].map((owner) => queue(owner).claim(10, 10)));
      const probes = claims.flatMap(({ deliveries }, i) => deliveries.map((one) => ({ one, owner: 'abc'[i] })));
      expect(probes).toHaveLength(1);
      expect(await fixture().health(destination)).toMatchObject({ state: 'half_open' });
      const [probe] = probes;
      const [result] = await queue(probe?.owner).settle([
        settlement(probe?.one as never, DELIVERED, { outcome: 'success' }),
      ]);
      expect(result).toEqual({ status: 'settled', change: 'closed' });
      expect(await claimIds(queue())).toHaveLength(3);
    });

    test('a probe that fails opens it again', async () => {
      const { destination } = await failing(2);
      await fixture().ageHealth(destination, { probeDue: true });
      expect(await attempt('retry')).toBeUndefined();
      expect(await fixture().health(destination)).toMatchObject({ state: 'open', failures: OPEN_AFTER + 1 });
      expect(await claimIds(queue())).toEqual([]);
    });

    test('a probe that is given back, or whose process died, is made again', async () => {
      const { destination } = await failing(1);
      await fixture().ageHealth(destination, { probeDue: true });
      const { id, lease_token } = await claimOne(queue());
      await queue().settle([{ delivery: id, lease_token, next: RETRY_NOW }]);
      await claimOne(queue());
      expect(await claimIds(queue())).toEqual([]);
      await fixture().shift(id, { lease_until: -1 });
      expect(await claimIds(queue('other'))).toEqual([id]);
    });

    test('a resume lets the next probe through at once, and begins the five days anew', async () => {
      const { destination } = await failing(2);
      await fixture().ageHealth(destination, { failingForMs: 5 * DAY_MS });
      await queue().commandDestination({ destination, command: 'pause', rate: 0, actor: ACTOR });
      await queue().commandDestination({ destination, command: 'resume', rate: 0, actor: ACTOR });
      expect(await fixture().health(destination)).toMatchObject({ state: 'open', failures: OPEN_AFTER });
      expect(await attempt('retry')).toBeUndefined();
      expect(await fixture().destination(destination)).toMatchObject({ enabled: true });
      expect(await claimIds(queue())).toEqual([]);
    });

    test('a destination that is enabled again is tried like a new one', async () => {
      const { destination, ids } = await failing(2);
      await fixture().setEnabled(destination, false);
      await fixture().setEnabled(destination, true);
      expect(await fixture().health(destination)).toBeUndefined();
      expect((await claimIds(queue())).sort()).toEqual(ids.sort());
    });

    test('a retry by hand is the next probe, alone', async () => {
      const { ids } = await failing(3);
      const [, , last] = ids as [string, string, string];
      await queue().command({ delivery: last, command: 'retry', actor: ACTOR });
      expect(await claimIds(queue())).toEqual([last]);
      expect(await claimIds(queue('other'))).toEqual([]);
    });
  });

  test('a destination that fails for five days is disabled', async () => {
    const destination = await fixture().addDestination();
    const [id] = (await acceptWaiting(fixture(), destination)) as [string];
    await attempt('retry');
    await fixture().ageHealth(destination, { failingForMs: 5 * DAY_MS - 60_000 });
    expect(await attempt('retry')).toBeUndefined();
    await fixture().ageHealth(destination, { failingForMs: 5 * DAY_MS });
    expect(await attempt('retry')).toBe('disabled');
    expect(await fixture().destination(destination)).toMatchObject({
      enabled: false,
      disabled_reason: expect.stringContaining('Every attempt'),
    });
    expect(await state(id)).toBe('held');
    expect((await queue().stats()).destinations).toMatchObject({ disabled: 1 });
  });
}
