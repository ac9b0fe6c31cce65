import type { DeliverySelection, ManyCommand, ManyResult } from '../../api/src/store/queue.ts';
import { acceptWaiting, claimIds, DELIVERED, type QueueFixture, settlement } from './queue.fixture.ts';

const ACTOR = 'operator:a@b.c';

export function commandManyCases(fixture: () => QueueFixture): void {
  function many(selection: DeliverySelection, options: Partial<ManyCommand> = {}): Promise<ManyResult> {
    return fixture()
      .queue()
      .commandMany({
        command: 'retry',
        scope: undefined,
        selection,
        limit: 500,
        rate: 0,
        dry_run: false,
        actor: ACTOR,
        ...options,
      });
  }

  /** Deliveries to a destination that died in their first attempt. */
  async function deadAt(destination: string, count: number): Promise<string[]> {
    const ids = await acceptWaiting(fixture(), destination, count);
    const { deliveries } = await fixture().queue().claim(count, count);
    await fixture()
      .queue()
      .settle(deliveries.map((one) => settlement(one, { ...DELIVERED, state: 'dead' })));
    return ids;
  }

  const statesOf = async (ids: string[]) =>
    (await Promise.all(ids.map((id) => fixture().delivery(id)))).map((row) => row?.state);

  test('retries what is dead, page by page, and says what came of it', async () => {
    const [well, off] = [await fixture().addDestination(), await fixture().addDestination()];
    const ids = [...(await deadAt(well, 3)), ...(await deadAt(off, 1))];
    await fixture().setEnabled(off, false);
    expect(await many({ state: 'dead' }, { dry_run: true })).toEqual({
      outcomes: [
        { destination: well, outcome: 'pending', deliveries: 3 },
        { destination: off, outcome: 'held', deliveries: 1 },
      ],
      next: null,
    });
    expect(await statesOf(ids)).toEqual(['dead', 'dead', 'dead', 'dead']);
    const first = await many({ state: 'dead' }, { limit: 2 });
    expect(first.outcomes).toEqual([{ destination: well, outcome: 'pending', deliveries: 2 }]);
    const after = first.next ?? undefined;
    const second = await many({ state: 'dead' }, { ...(after && { after }) });
    expect(second.outcomes.map(({ deliveries }) => deliveries)).toEqual([1, 1]);
    expect(second.next).toBeNull();
    expect(await statesOf(ids)).toEqual(['pending', 'pending', 'pending', 'held']);
    expect(await claimIds(fixture().queue())).toEqual(ids.slice(0, 3));
    expect(await many({ state: 'dead' })).toEqual({ outcomes: [], next: null });
  });

  test('a rate spreads them over time, over pages too', async () => {
    const ids = await deadAt(await fixture().addDestination(), 3);
    const { next } = await many({ state: 'dead' }, { limit: 2, rate: 0.1 });
    await many({ state: 'dead' }, { rate: 0.1, ...(next && { after: next }) });
    const rows = await Promise.all(ids.map((id) => fixture().delivery(id)));
    const due = rows.map((row) => row?.next_attempt_at as number);
    expect(due.map((time) => time - (due[0] as number))).toEqual([0, 10_000, 20_000]);
  });

  test('only what is selected, and only of the account', async () => {
    const [one, other] = [await fixture().addDestination(), await fixture().addDestination()];
    const [id] = (await acceptWaiting(fixture(), one)) as [string];
    await acceptWaiting(fixture(), other);
    const count = async (selection: Partial<DeliverySelection>, scope?: string) => {
      const { outcomes } = await many({ state: 'pending', ...selection }, { command: 'cancel', dry_run: true, scope });
      return outcomes.reduce((sum, { deliveries }) => sum + deliveries, 0);
    };
    expect(await count({})).toBe(2);
    expect(await count({ destination: one })).toBe(1);
    expect(await count({ state: 'held' })).toBe(0);
    expect(await count({ mapping: 'unknown00000000' })).toBe(0);
    expect(await count({ to: '2026-01-01T00:00:00.000Z' })).toBe(0);
    expect(await count({ from: '2026-01-01T00:00:00.000Z' })).toBe(2);
    expect(await count({}, fixture().account)).toBe(2);
    expect(await count({}, 'unknown00000000')).toBe(0);
    await many({ state: 'pending', destination: one }, { command: 'cancel' });
    expect(await statesOf([id])).toEqual(['cancelled']);
  });

  test('what has no destination any more stays dead, and is told of', async () => {
    const destination = await fixture().addDestination();
    const ids = await deadAt(destination, 1);
    await fixture().removeDestination(destination);
    const outcomes = [{ destination, outcome: 'destination_deleted', deliveries: 1 }];
    expect(await many({ state: 'dead' }, { dry_run: true })).toEqual({ outcomes, next: null });
    expect(await many({ state: 'dead' })).toEqual({ outcomes, next: null });
    expect(await statesOf(ids)).toEqual(['dead']);
  });
}
