import type { Event } from '../../api/src/model/event.ts';
import { createMetrics } from '../../api/src/ops/metrics.ts';
import { createPocketBaseQueue } from '../../api/src/store/pocketbase/queue.ts';
import type { AcceptedDelivery, Queue } from '../../api/src/store/queue.ts';
import { describeWithServices, startPocketBase, superuser, type TestPocketBase } from '../support/pocketbase.ts';
import { aDeliveryTo, anEventOf, LEASE_MS } from './queue.fixture.ts';

const WRITERS = 6;
const BATCH = 4;
/** PocketBase is killed whenever so many events were acknowledged. */
const KILL_AT = [40, 120, 200];
const EVENTS_AT_LEAST = 280;

interface Stream {
  sent: { event: Event; deliveries: AcceptedDelivery[] }[];
  acknowledged: Set<string>;
  answers: Set<string>;
  faults: number;
}

describeWithServices('kill -9 of PocketBase in the middle of accepts', () => {
  let service: TestPocketBase;
  beforeAll(async () => {
    service = await startPocketBase();
  });
  afterAll(() => service?.stop());

  test('everything acknowledged is there, and everything is there once and whole', async () => {
    const pb = await superuser(service);
    const { id: account } = await pb.collection('accounts').getFirstListItem('name = "default"');
    const { id: destination } = await pb
      .collection('destinations')
      .create({ name: 'kept', type: 'inbox', enabled: true, max_concurrency: 1000 });
    const deps = { pb, metrics: createMetrics(), onConfigVersion: () => undefined };
    const queue = createPocketBaseQueue(deps, { owner: 'process-1', leaseMs: () => LEASE_MS });
    const make = () => {
      const event = anEventOf({ account, source: 'source000000001' }, {});
      return {
        event: { ...event, dedupe_key: event.id },
        deliveries: [aDeliveryTo(destination), aDeliveryTo(destination)],
      };
    };

    const { sent, acknowledged, answers, faults } = await stream(queue, make, service);
    expect(answers).toEqual(new Set(['accepted']));
    // The calls that a kill interrupted were repeated until the service was back.
    expect(faults).toBe(0);

    const events = await pb.collection('events').getFullList({ fields: 'id,duplicates' });
    const bodies = await pb.collection('event_bodies').getFullList({ fields: 'id' });
    const deliveries = await pb.collection('deliveries').getFullList({ fields: 'id,event' });
    const ids = new Set(events.map(({ id }) => id));
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([]);
    expect(events.filter(({ duplicates }) => duplicates > 0)).toEqual([]);
    expect(bodies.map(({ id }) => id).sort()).toEqual([...ids].sort());
    const expected = sent.flatMap(({ event, deliveries: planned }) => (ids.has(event.id) ? planned : []));
    expect(deliveries.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id).sort());
  });
});

/** Several writers accept without pause until enough is acknowledged; the service is killed meanwhile. */
async function stream(queue: Queue, make: () => Stream['sent'][number], service: TestPocketBase): Promise<Stream> {
  const stream: Stream = { sent: [], acknowledged: new Set(), answers: new Set(), faults: 0 };
  const kills = [...KILL_AT];
  const write = async () => {
    while (stream.acknowledged.size < EVENTS_AT_LEAST && stream.faults === 0) {
      const items = Array.from({ length: BATCH }, make);
      stream.sent.push(...items);
      const results = await queue.accept(items).catch(() => undefined);
      if (!results) stream.faults++;
      results?.forEach(({ status }, index) => {
        stream.answers.add(status);
        if (status === 'accepted') stream.acknowledged.add(items[index]?.event.id as string);
      });
      if (stream.acknowledged.size >= (kills[0] ?? Number.POSITIVE_INFINITY)) {
        kills.shift();
        process.kill(service.pid as number, 'SIGKILL');
      }
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, write));
  return stream;
}
