import { createMemoryQueue } from '../support/memory-queue.ts';
import { createMemoryStore, enableDestination, having } from '../support/memory-store.ts';
import { createMemoryTriggers } from '../support/memory-triggers.ts';
import { aDestination, makeId } from '../support/records.ts';
import { LEASE_MS, type QueueFixture, TIMES } from './queue.fixture.ts';
import { queueSuite } from './queue.suite.ts';

const ACCOUNT = 'account00000001';

describe('the queue in memory', () => queueSuite(async () => openMemoryQueue()));

function openMemoryQueue(): QueueFixture {
  let store = createMemoryStore(Date.now);
  return {
    account: ACCOUNT,
    source: 'source000000001',
    queue: (owner = 'process-1') => createMemoryQueue(store, { owner, leaseMs: LEASE_MS }),
    triggers: (owner = 'process-1') => createMemoryTriggers(store, owner),
    async addDestination(fields = {}) {
      const id = makeId();
      store.destinations.set(id, aDestination({ id, ...fields }));
      return id;
    },
    setEnabled: async (id, enabled) => enableDestination(store, id, enabled),
    async removeDestination(id) {
      store.destinations.delete(id);
      for (const one of having(store, ({ destination, state }) => destination === id && /pending|held/.test(state)))
        one.state = 'cancelled';
    },
    async destination(id) {
      const found = store.destinations.get(id);
      if (!found) throw new Error(`there is no destination ${id}`);
      return found;
    },
    health: async (id) => store.health.get(id),
    async ageHealth(id, { probeDue, failingForMs }) {
      const health = store.health.get(id);
      if (health && probeDue) health.next_probe_at = Date.now();
      if (health && failingForMs) health.failing_since = Date.now() - failingForMs;
    },
    event: async (id) => store.events.get(id),
    delivery: async (id) => structuredClone(store.deliveries.get(id)),
    attempts: async (delivery) => store.attempts.filter((attempt) => attempt.delivery === delivery),
    audit: async (subject) =>
      store.audit.filter((entry) => entry.subject === subject).map(({ actor, action }) => `${actor} ${action}`),
    async shift(id, times) {
      const delivery = store.deliveries.get(id);
      for (const name of TIMES) {
        const fromNow = times[name];
        if (delivery && fromNow !== undefined) delivery[name] = Date.now() + fromNow;
      }
    },
    async reset() {
      store = createMemoryStore(Date.now);
      store.accounts.add(ACCOUNT);
    },
    close: async () => undefined,
  };
}
