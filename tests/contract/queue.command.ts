import type { DeliveryState } from '../../api/src/model/delivery.ts';
import { acceptWaiting, claimIds, claimOne, DELIVERED, type QueueFixture, settlement } from './queue.fixture.ts';

const ACTOR = 'operator:a@b.c';
const NO_DESTINATIONS = { open: 0, half_open: 0, paused: 0, disabled: 0 };

export function commandCases(fixture: () => QueueFixture): void {
  /** A delivery in this state, brought there as in real life. */
  async function inState(state: DeliveryState): Promise<string> {
    const destination = await fixture().addDestination({ enabled: state !== 'held' });
    const [id] = (await acceptWaiting(fixture(), destination)) as [string];
    const queue = fixture().queue();
    if (state === 'cancelled') await queue.command({ delivery: id, command: 'cancel', actor: 'arranged' });
    if (state === 'expired') {
      await fixture().shift(id, { expires_at: -1 });
      await queue.claim(1, 1);
    }
    if (state === 'delivering' || state === 'delivered' || state === 'dead') {
      const leased = await claimOne(queue);
      if (state !== 'delivering') await queue.settle([settlement(leased, { ...DELIVERED, state })]);
    }
    expect(await fixture().delivery(id)).toMatchObject({ state });
    return id;
  }

  test.each<['retry' | 'cancel', DeliveryState, DeliveryState | 'refused']>([
    ['retry', 'pending', 'pending'],
    ['retry', 'held', 'held'],
    ['retry', 'dead', 'pending'],
    ['retry', 'expired', 'pending'],
    ['retry', 'cancelled', 'pending'],
    ['retry', 'delivering', 'refused'],
    ['retry', 'delivered', 'refused'],
    ['cancel', 'pending', 'cancelled'],
    ['cancel', 'held', 'cancelled'],
    ['cancel', 'delivering', 'refused'],
    ['cancel', 'delivered', 'refused'],
    ['cancel', 'dead', 'refused'],
    ['cancel', 'expired', 'refused'],
    ['cancel', 'cancelled', 'refused'],
  ])('%s of a %s delivery: %s', async (command, before, after) => {
    const id = await inState(before);
    const result = await fixture().queue().command({ delivery: id, command, actor: ACTOR });
    const state = after === 'refused' ? before : after;
    expect(result).toEqual({ status: after === 'refused' ? 'refused' : 'done', state });
    expect(await fixture().delivery(id)).toMatchObject({ state });
    const audited = (await fixture().audit(id)).filter((entry) => entry.startsWith(ACTOR));
    expect(audited).toEqual(after === 'refused' ? [] : [`${ACTOR} delivery.${command}`]);
  });

  test('a delivery that nobody knows', async () => {
    const command = { delivery: 'unknown00000000', command: 'retry', actor: ACTOR } as const;
    expect(await fixture().queue().command(command)).toEqual({ status: 'unknown' });
  });

  test('a retry starts over: due now, all tries, new time; the attempts so far are kept', async () => {
    const id = await inState('dead');
    await fixture().shift(id, { expires_at: -1, next_attempt_at: 60_000 });
    await fixture().queue().command({ delivery: id, command: 'retry', actor: ACTOR });
    expect(await fixture().delivery(id)).toMatchObject({ tries_used: 0, attempts_made: 1 });
    expect((await fixture().delivery(id))?.expires_at).toBeGreaterThan(Date.now() + 6 * 24 * 60 * 60_000);
    expect(await claimOne(fixture().queue())).toMatchObject({ id, lease_token: 2, attempts_made: 1, tries_used: 0 });
  });

  test('a retry keeps what is left of the time', async () => {
    const id = await inState('dead');
    const before = (await fixture().delivery(id))?.expires_at;
    await fixture().queue().command({ delivery: id, command: 'retry', actor: ACTOR });
    expect((await fixture().delivery(id))?.expires_at).toBe(before);
  });

  test('a delivery whose destination was deleted can not be retried', async () => {
    const destination = await fixture().addDestination();
    const [id] = (await acceptWaiting(fixture(), destination)) as [string];
    await fixture().removeDestination(destination);
    const result = await fixture().queue().command({ delivery: id, command: 'retry', actor: ACTOR });
    expect(result).toEqual({ status: 'refused', state: 'cancelled' });
  });

  test('what is cancelled is not claimed', async () => {
    const id = await inState('pending');
    await fixture().queue().command({ delivery: id, command: 'cancel', actor: ACTOR });
    expect(await claimIds(fixture().queue())).toEqual([]);
  });

  test('stats count what is not final, and say how long the oldest due one has waited', async () => {
    expect(await fixture().queue().stats()).toMatchObject({
      depth: { pending: 0, delivering: 0, held: 0 },
      oldest_due_ms: 0,
      destinations: NO_DESTINATIONS,
    });
    await inState('delivered');
    await inState('delivering');
    await inState('held');
    const id = await inState('pending');
    await fixture().shift(id, { next_attempt_at: 60_000 });
    expect(await fixture().queue().stats()).toMatchObject({
      depth: { pending: 1, delivering: 1, held: 1 },
      oldest_due_ms: 0,
      destinations: NO_DESTINATIONS,
    });
    await fixture().shift(id, { next_attempt_at: -60_000 });
    const { oldest_due_ms } = await fixture().queue().stats();
    expect(oldest_due_ms).toBeGreaterThanOrEqual(60_000);
    expect(oldest_due_ms).toBeLessThan(70_000);
  });
}
