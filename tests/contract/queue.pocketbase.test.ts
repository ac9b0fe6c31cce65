import type PocketBase from 'pocketbase';
import type { Attempt } from '../../api/src/model/delivery.ts';
import { createMetrics } from '../../api/src/ops/metrics.ts';
import { createPocketBaseQueue } from '../../api/src/store/pocketbase/queue.ts';
import { toStoreTime } from '../../api/src/store/pocketbase/times.ts';
import { createTriggerStore } from '../../api/src/store/pocketbase/triggers.ts';
import { describeWithServices, executeSql, rewriteRow, startPocketBase, superuser } from '../support/pocketbase.ts';
import { makeId } from '../support/records.ts';
import { type DeliveryRow, LEASE_MS, type QueueFixture } from './queue.fixture.ts';
import { queueSuite } from './queue.suite.ts';

const FORGOTTEN = [
  ...['events', 'event_bodies', 'deliveries', 'attempts', 'audit', 'destinations', 'destination_health'],
  ...['evaluator', 'trigger_state'],
];

describeWithServices('the queue in PocketBase', () => queueSuite(openPocketBaseQueue));

async function openPocketBaseQueue(): Promise<QueueFixture> {
  const service = await startPocketBase();
  const pb = await superuser(service);
  const { id: account } = await pb.collection('accounts').getFirstListItem('name = "default"');
  const deps = { pb, metrics: createMetrics(), onConfigVersion: () => undefined };
  return {
    account,
    source: 'source000000001',
    queue: (owner = 'process-1') => createPocketBaseQueue(deps, { owner, leaseMs: () => LEASE_MS }),
    triggers: (owner = 'process-1') => createTriggerStore(deps, owner),
    async addDestination(fields = {}) {
      const id = makeId();
      await pb.collection('destinations').create({ id, name: id, type: 'inbox', enabled: true, ...fields });
      return id;
    },
    setEnabled: async (id, enabled) => void (await pb.collection('destinations').update(id, { enabled })),
    removeDestination: async (id) => void (await pb.collection('destinations').delete(id)),
    destination: (id) => pb.collection('destinations').getOne(id),
    health: (id) => find(pb, 'destination_health', id),
    async ageHealth(id, { probeDue, failingForMs }) {
      const fields = {
        ...(probeDue && { next_probe_at: storeTimeAt(0) }),
        ...(failingForMs && { failing_since: storeTimeAt(-failingForMs) }),
      };
      await rewriteRow(pb, 'destination_health', id, fields);
    },
    event: (id) => find(pb, 'events', id),
    async delivery(id) {
      const row = await find<Record<keyof DeliveryRow, string | number>>(pb, 'deliveries', id);
      if (!row) return undefined;
      const { next_attempt_at, expires_at } = row;
      return {
        ...row,
        next_attempt_at: Date.parse(`${next_attempt_at}`),
        expires_at: Date.parse(`${expires_at}`),
      } as DeliveryRow;
    },
    attempts: (delivery) => pb.collection('attempts').getFullList<Attempt>({ filter: `delivery = "${delivery}"` }),
    async audit(subject) {
      const rows = await pb.collection('audit').getFullList({ filter: `subject = "${subject}"`, sort: 'created' });
      return rows.map(({ actor, action }) => `${actor} ${action}`);
    },
    async shift(id, times) {
      const fields = Object.entries(times).map(([name, fromNow]) => [name, storeTimeAt(fromNow)]);
      await rewriteRow(pb, 'deliveries', id, Object.fromEntries(fields));
    },
    async reset() {
      for (const collection of FORGOTTEN) await executeSql(pb, `DELETE FROM ${collection}`);
    },
    close: () => service.stop(),
  };
}

async function find<T>(pb: PocketBase, collection: string, id: string): Promise<T | undefined> {
  const { items } = await pb.collection(collection).getList<T>(1, 1, { filter: `id = "${id}"` });
  return items[0];
}

const storeTimeAt = (fromNow: number): string => toStoreTime(new Date(Date.now() + fromNow).toISOString());
