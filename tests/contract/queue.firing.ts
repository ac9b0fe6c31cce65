import type { Event } from '../../api/src/model/event.ts';
import type { AcceptItem, TriggerAdvance } from '../../api/src/store/queue.ts';
import { aDeliveryTo, anEventOf, type QueueFixture } from './queue.fixture.ts';

const TRIGGER = 'trigger00000001';
const LEASE_MS = 5_000;

export function firingCases(fixture: () => QueueFixture): void {
  const advance = (epoch: number, state_epoch: number, state = { phase: 'firing' }): TriggerAdvance => ({
    trigger: TRIGGER,
    epoch,
    state_epoch,
    state,
  });
  const firing = (epoch: number, stateEpoch: number, destination?: string, fields: Partial<Event> = {}) => ({
    event: anEventOf(fixture(), { source: '', trigger: TRIGGER, type: 'visitor.spike', ...fields }),
    deliveries: destination ? [aDeliveryTo(destination, { mapping: '' })] : [],
    firing: advance(epoch, stateEpoch),
  });
  const accept = async (item: AcceptItem) => (await fixture().queue().accept([item]))[0]?.status;

  test('one process evaluates; another takes over what was given back, with a higher epoch', async () => {
    const [a, b] = [fixture().triggers('a'), fixture().triggers('b')];
    expect(await a.lease(LEASE_MS)).toMatchObject({ held: true, epoch: 1 });
    expect(await b.lease(LEASE_MS)).toMatchObject({ held: false });
    const { counting_since } = await a.lease(LEASE_MS);
    await a.lease(0);
    expect(await b.lease(LEASE_MS)).toMatchObject({ held: true, epoch: 2, counting_since });
    expect(await a.lease(LEASE_MS)).toMatchObject({ held: false });
  });

  test('an event is stored with the state, once', async () => {
    const triggers = fixture().triggers();
    const { epoch } = await triggers.lease(LEASE_MS);
    const destination = await fixture().addDestination();
    const item = firing(epoch, 0, destination);
    expect(await accept(item)).toBe('accepted');
    // Its answer was lost.
    expect(await accept(item)).toBe('accepted');
    expect(await triggers.readStates()).toEqual([{ trigger: TRIGGER, epoch: 1, state: { phase: 'firing' } }]);
    expect(await fixture().event(item.event.id)).toMatchObject({ trigger: TRIGGER, source: '', duplicates: 0 });
    expect(await fixture().delivery(item.deliveries[0]?.id ?? '')).toMatchObject({ state: 'pending' });
  });

  test('a stale firing changes nothing, whichever epoch is old', async () => {
    const [a, b] = [fixture().triggers('a'), fixture().triggers('b')];
    const old = await a.lease(LEASE_MS);
    await a.lease(0);
    const { epoch } = await b.lease(LEASE_MS);
    const destination = await fixture().addDestination();
    for (const item of [firing(old.epoch, 0, destination), firing(epoch, 1, destination)]) {
      expect(await accept(item)).toBe('stale');
      expect(await fixture().event(item.event.id)).toBeUndefined();
      expect(await fixture().delivery(item.deliveries[0]?.id ?? '')).toBeUndefined();
    }
    expect(await b.readStates()).toEqual([]);
  });

  test('states without an event move on each by itself', async () => {
    const triggers = fixture().triggers();
    const { epoch } = await triggers.lease(LEASE_MS);
    const other = { ...advance(epoch, 0, { phase: 'armed' }), trigger: 'trigger00000002' };
    expect(await triggers.save([advance(epoch, 1), other, advance(epoch, 0)])).toEqual([false, true, true]);
    expect(await triggers.readStates(['trigger00000002'])).toEqual([
      { trigger: 'trigger00000002', epoch: 1, state: { phase: 'armed' } },
    ]);
    expect(await triggers.readStates()).toHaveLength(2);
  });
}
