import { createSubmit } from '../../../api/src/dispatch/submit.ts';
import type { Destination } from '../../../api/src/model/configuration.ts';
import type { LeasedDelivery, PlannedDelivery } from '../../../api/src/model/delivery.ts';
import type { AcceptItem, AcceptResult } from '../../../api/src/store/queue.ts';
import { aDeliveryTo, anEventOf } from '../../contract/queue.fixture.ts';

const event = anEventOf(
  { account: 'account00000001', source: 'source000000001' },
  { body: 'AAE=', body_encoding: 'base64' },
);

/** A dispatcher that counts its slots, and an accept that answers as told. */
function setUp({ free = 10, answer }: { free?: number; answer: (item: AcceptItem) => AcceptResult }) {
  const seen = {
    reserved: 0,
    released: 0,
    wakes: 0,
    started: [] as LeasedDelivery[],
    expiry: 0,
    items: [] as AcceptItem[],
  };
  const submit = createSubmit({
    accept: async (item) => {
      seen.items.push(structuredClone(item));
      return answer(item);
    },
    dispatcher: {
      reserve: () => seen.reserved < free && ++seen.reserved > 0,
      release: () => void seen.released++,
      start: (delivery, expiry) => {
        seen.started.push(delivery);
        seen.expiry = expiry;
      },
      wake: () => void seen.wakes++,
    },
    now: () => 1_000,
  });
  const send = (...planned: PlannedDelivery[]) =>
    submit({
      event,
      planned: planned.map((delivery) => ({ delivery, destination: { id: delivery.destination } as Destination })),
    });
  return { seen, send, submit };
}

const accepted = (leased: string[]): AcceptResult => ({ status: 'accepted', seq: 1, leased, lease_expires_at: 77 });
const deliveriesOf = (item: AcceptItem | undefined) => {
  if (item && 'batch' in item) return item.batch.flatMap(({ deliveries }) => deliveries);
  return item?.deliveries ?? [];
};
const leaseAll = (item: AcceptItem) =>
  accepted(
    deliveriesOf(item)
      .filter(({ lease }) => lease)
      .map(({ id }) => id),
  );

/** Slots that nobody holds any more, though they were never given back. */
const leaked = ({ reserved, released, started }: ReturnType<typeof setUp>['seen']) =>
  reserved - released - started.length;

test('what the commit leased starts at once, as a claim would have given it', async () => {
  const { seen, send } = setUp({ answer: leaseAll });
  const [rendered, own] = [aDeliveryTo('a'), aDeliveryTo('b', { passthrough: true, request_body: '' })];
  await send(rendered, own);
  expect(seen.started).toEqual([
    expect.objectContaining({
      id: rendered.id,
      lease_token: 1,
      attempts_made: 0,
      request_body: 'rendered',
      request_body_encoding: 'utf8',
      request_content_type: 'text/plain',
      expires_at: 61_000,
    }),
    expect.objectContaining({
      id: own.id,
      request_body: 'AAE=',
      request_body_encoding: 'base64',
      request_content_type: 'application/json',
      event: expect.objectContaining({ id: event.id, correlation_id: 'correlation-1' }),
    }),
  ]);
  expect(seen).toMatchObject({ expiry: 77, wakes: 0 });
  expect(leaked(seen)).toBe(0);
});

test('only free slots are asked for, and what waits in the store wakes the dispatcher', async () => {
  const { seen, send } = setUp({ free: 1, answer: leaseAll });
  await send(aDeliveryTo('a'), aDeliveryTo('a'));
  expect(deliveriesOf(seen.items[0]).map(({ lease }) => lease)).toEqual([true, false]);
  expect(seen).toMatchObject({ started: [expect.anything()], wakes: 1 });
  expect(leaked(seen)).toBe(0);
});

test('a held delivery takes no slot', async () => {
  const { seen, send } = setUp({ answer: leaseAll });
  await send(aDeliveryTo('a', { state: 'held' }));
  expect(seen).toMatchObject({ reserved: 0, started: [] });
});

describe('slots are given back', () => {
  test.each<[string, AcceptResult]>([
    ['when the store leased nothing', accepted([])],
    ['after a duplicate', { status: 'duplicate', id: 'first0000000000' }],
    ['after a refusal', { status: 'failed', message: 'too long' }],
  ])('%s', async (_name, result) => {
    const { seen, send } = setUp({ answer: () => result });
    expect(await send(aDeliveryTo('a'), aDeliveryTo('b'))).toEqual(result);
    expect(seen).toMatchObject({ reserved: 2, released: 2, started: [] });
  });

  test('when the store is away; the fault goes on to the caller', async () => {
    const { seen, send } = setUp({
      answer: () => {
        throw new Error('away');
      },
    });
    await expect(send(aDeliveryTo('a'))).rejects.toThrow('away');
    expect(seen).toMatchObject({ reserved: 1, released: 1, started: [], wakes: 0 });
  });

  test('for the part that was not leased', async () => {
    const { seen, send } = setUp({
      answer: (item) =>
        accepted(
          deliveriesOf(item)
            .slice(0, 1)
            .map(({ id }) => id),
        ),
    });
    await send(aDeliveryTo('a'), aDeliveryTo('b'));
    expect(seen).toMatchObject({ reserved: 2, released: 1, wakes: 1 });
    expect(leaked(seen)).toBe(0);
  });
});

test('a replay goes to the store as one, and what was planned stays as it was', async () => {
  const { seen, submit } = setUp({ answer: leaseAll });
  const delivery = Object.freeze(aDeliveryTo('a'));
  const replay = { mode: 'original', actor: 'user:a@example.com', job: 'replay000000001' } as const;
  await submit({ event, planned: [{ delivery, destination: { id: 'a' } as Destination }], replay });
  expect(seen.items).toEqual([{ replay: { ...replay, event: event.id }, deliveries: [{ ...delivery, lease: true }] }]);
  expect(seen.started).toHaveLength(1);
});

test('what has a lease without a slot of this call is under way already, or is claimed later', async () => {
  const { seen, send } = setUp({ free: 0, answer: (item) => accepted(deliveriesOf(item).map(({ id }) => id)) });
  await send(aDeliveryTo('a'));
  expect(seen).toMatchObject({ started: [], released: 0, wakes: 1 });
});

describe('the events of one request', () => {
  const batch = (...lists: PlannedDelivery[][]) => ({
    batch: lists.map((planned, i) => ({
      event: { ...event, id: `event000000000${i}` },
      planned: planned.map((delivery) => ({ delivery, destination: { id: delivery.destination } as Destination })),
    })),
  });
  const stored = (item: AcceptItem, duplicates: number[] = []): AcceptResult => {
    if (!('batch' in item)) throw new Error('no batch');
    const results = item.batch.map((one, i) =>
      duplicates.includes(i)
        ? { status: 'duplicate' as const, id: 'first0000000000' }
        : {
            status: 'accepted' as const,
            seq: i,
            leased: one.deliveries.filter(({ lease }) => lease).map(({ id }) => id),
          },
    );
    return { status: 'batch', results, lease_expires_at: 77 };
  };

  test('go to the store as one; each delivery starts as one of its own event', async () => {
    const { seen, submit } = setUp({ answer: stored });
    await submit(batch([aDeliveryTo('a')], [], [aDeliveryTo('a'), aDeliveryTo('b')]));
    expect(seen.items).toHaveLength(1);
    expect(seen.started.map((delivery) => delivery.event.id)).toEqual([
      'event0000000000',
      'event0000000002',
      'event0000000002',
    ]);
    expect(seen).toMatchObject({ wakes: 0 });
    expect(leaked(seen)).toBe(0);
  });

  test('slots for a duplicate among them are given back', async () => {
    const { seen, submit } = setUp({ answer: (item) => stored(item, [0]) });
    await submit(batch([aDeliveryTo('a')], [aDeliveryTo('a')]));
    expect(seen).toMatchObject({ reserved: 2, released: 1 });
    expect(leaked(seen)).toBe(0);
  });
});
