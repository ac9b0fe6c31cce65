import type { NextState } from '../../api/src/store/queue.ts';
import {
  acceptWaiting,
  claimIds,
  claimOne,
  DELIVERED,
  type QueueFixture,
  RETRY_NOW,
  settlement,
} from './queue.fixture.ts';

export function settleCases(fixture: () => QueueFixture): void {
  /** One delivery that process-1 has leased. */
  async function leaseOne(settings = {}) {
    const destination = await fixture().addDestination(settings);
    await acceptWaiting(fixture(), destination);
    return { destination, leased: await claimOne(fixture().queue()) };
  }

  describe('moves the delivery on and records the attempt', () => {
    test.each<[string, NextState, object]>([
      ['delivered', DELIVERED, { state: 'delivered', tries_used: 1 }],
      ['retried', RETRY_NOW, { state: 'pending', tries_used: 1 }],
      ['throttled: no try used', { ...RETRY_NOW, used_try: false }, { state: 'pending', tries_used: 0 }],
      ['dead', { state: 'dead', retry_in_ms: 0, used_try: true }, { state: 'dead', tries_used: 1 }],
      ['expired', { state: 'expired', retry_in_ms: 0, used_try: false }, { state: 'expired', tries_used: 0 }],
    ])('%s', async (_name, next, expected) => {
      const { leased } = await leaseOne();
      const one = settlement(leased, next);
      expect(await fixture().queue().settle([one])).toEqual([{ status: 'settled' }]);
      expect(await fixture().delivery(leased.id)).toMatchObject({
        ...expected,
        attempts_made: 1,
        last_status: 503,
        last_error: 'It answered 503.',
        lease_token: 1,
      });
      expect(await fixture().attempts(leased.id)).toEqual([
        expect.objectContaining({ id: one.attempt?.id, number: 1, outcome: 'retry' }),
      ]);
    });

    test('a retry is due after its pause, and the next lease knows what was tried', async () => {
      const { leased } = await leaseOne();
      const before = Date.now();
      await fixture()
        .queue()
        .settle([settlement(leased, { ...RETRY_NOW, retry_in_ms: 60_000 })]);
      const row = await fixture().delivery(leased.id);
      expect(row?.next_attempt_at).toBeGreaterThanOrEqual(before + 60_000);
      expect(row?.next_attempt_at).toBeLessThanOrEqual(Date.now() + 60_000);
      expect(await claimIds(fixture().queue())).toEqual([]);
      await fixture().shift(leased.id, { next_attempt_at: -1 });
      expect(await claimOne(fixture().queue('other'))).toMatchObject({
        id: leased.id,
        lease_token: 2,
        attempts_made: 1,
        tries_used: 1,
      });
    });
  });

  test('the same again is told apart, and changes nothing', async () => {
    const { leased } = await leaseOne();
    const one = settlement(leased, RETRY_NOW);
    await fixture().queue().settle([one]);
    expect(await fixture().queue().settle([one])).toEqual([{ status: 'repeated' }]);
    expect(await claimOne(fixture().queue())).toMatchObject({ attempts_made: 1, lease_token: 2 });
    expect(await fixture().queue().settle([one])).toEqual([{ status: 'repeated' }]);
    expect(await fixture().delivery(leased.id)).toMatchObject({ state: 'delivering', attempts_made: 1 });
    expect(await fixture().attempts(leased.id)).toHaveLength(1);
  });

  describe('changes nothing without the lease', () => {
    test.each([
      ['an older token', 'process-1', 0],
      ['a token that was never given', 'process-1', 2],
      ["another process's lease", 'other', 1],
    ])('%s', async (_name, owner, lease_token) => {
      const { leased } = await leaseOne();
      const result = await fixture()
        .queue(owner)
        .settle([settlement({ ...leased, lease_token })]);
      expect(result).toEqual([{ status: 'stale' }]);
      expect(await fixture().delivery(leased.id)).toMatchObject({ state: 'delivering', attempts_made: 0 });
      expect(await fixture().attempts(leased.id)).toEqual([]);
    });

    test('an unknown delivery', async () => {
      const result = await fixture()
        .queue()
        .settle([settlement({ id: 'unknown00000000', lease_token: 1 })]);
      expect(result).toEqual([{ status: 'stale' }]);
    });

    test('a late one, after the lease went to somebody else', async () => {
      const { leased } = await leaseOne();
      await fixture().shift(leased.id, { lease_until: -1 });
      const taken = await claimOne(fixture().queue('other'));
      expect(
        await fixture()
          .queue()
          .settle([settlement(leased, DELIVERED)]),
      ).toEqual([{ status: 'stale' }]);
      expect(await fixture().delivery(leased.id)).toMatchObject({ state: 'delivering', lease_token: 2 });
      expect(
        await fixture()
          .queue('other')
          .settle([settlement(taken, { ...RETRY_NOW, retry_in_ms: 60_000 })]),
      ).toEqual([{ status: 'settled' }]);
      expect(await fixture().delivery(leased.id)).toMatchObject({ state: 'pending', attempts_made: 1 });
      expect(await fixture().attempts(leased.id)).toHaveLength(1);
    });
  });

  test('a late one is still welcome while nobody else has the lease', async () => {
    const { leased } = await leaseOne();
    await fixture().shift(leased.id, { lease_until: -1 });
    expect(
      await fixture()
        .queue()
        .settle([settlement(leased)]),
    ).toEqual([{ status: 'settled' }]);
    expect(await fixture().delivery(leased.id)).toMatchObject({ state: 'delivered' });
  });

  test('results are in the order of the items; one stale item harms no other', async () => {
    const [a, b] = [await leaseOne(), await leaseOne()];
    const results = await fixture()
      .queue()
      .settle([settlement({ ...a.leased, lease_token: 7 }), settlement(b.leased)]);
    expect(results).toEqual([{ status: 'stale' }, { status: 'settled' }]);
  });

  test('a lease that is given back leaves no trace, however often', async () => {
    const { leased } = await leaseOne();
    const release = { state: 'pending', retry_in_ms: 0, used_try: false } as const;
    for (let lease_token = 1; lease_token <= 7; lease_token++) {
      const result = await fixture()
        .queue()
        .settle([{ delivery: leased.id, lease_token, next: release }]);
      expect(result).toEqual([{ status: 'settled' }]);
      expect(await claimOne(fixture().queue())).toMatchObject({ id: leased.id, attempts_made: 0, tries_used: 0 });
    }
    // Nor does it count as a lease that ended without a result.
    await fixture().shift(leased.id, { lease_until: -1 });
    expect(await claimIds(fixture().queue())).toEqual([leased.id]);
    expect(await fixture().attempts(leased.id)).toEqual([]);
  });

  describe('a destination that wants no more', () => {
    test('is disabled with the reason, and what waits for it is held', async () => {
      const { destination, leased } = await leaseOne();
      const [waiting] = (await acceptWaiting(fixture(), destination)) as [string];
      const gone: NextState = { state: 'dead', retry_in_ms: 0, used_try: true, disable_destination: 'It is gone.' };
      await fixture()
        .queue()
        .settle([settlement(leased, gone, { outcome: 'gone' })]);
      expect(await fixture().destination(destination)).toMatchObject({
        enabled: false,
        disabled_reason: 'It is gone.',
      });
      expect(await fixture().delivery(leased.id)).toMatchObject({ state: 'dead' });
      expect(await fixture().delivery(waiting)).toMatchObject({ state: 'held' });
    });

    test('is left alone by a stale settlement', async () => {
      const { destination, leased } = await leaseOne();
      const gone: NextState = { state: 'dead', retry_in_ms: 0, used_try: true, disable_destination: 'It is gone.' };
      await fixture()
        .queue()
        .settle([settlement({ ...leased, lease_token: 9 }, gone)]);
      expect(await fixture().destination(destination)).toMatchObject({ enabled: true });
    });

    test('a retry that comes back to a disabled destination is held, to a deleted one cancelled', async () => {
      const [disabled, deleted] = [await leaseOne(), await leaseOne()];
      await fixture().setEnabled(disabled.destination, false);
      await fixture().removeDestination(deleted.destination);
      await fixture()
        .queue()
        .settle([settlement(disabled.leased, RETRY_NOW), settlement(deleted.leased, RETRY_NOW)]);
      expect(await fixture().delivery(disabled.leased.id)).toMatchObject({ state: 'held', attempts_made: 1 });
      expect(await fixture().delivery(deleted.leased.id)).toMatchObject({ state: 'cancelled', attempts_made: 1 });
    });
  });
}
