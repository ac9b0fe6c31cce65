import { createDispatcher, type DispatcherDeps } from '../../../api/src/dispatch/dispatcher.ts';
import { createSlots } from '../../../api/src/dispatch/slots.ts';
import { createSubmit } from '../../../api/src/dispatch/submit.ts';
import type { Destination } from '../../../api/src/model/configuration.ts';
import { createMetrics } from '../../../api/src/ops/metrics.ts';
import { createConfigurationCache } from '../../../api/src/store/configuration.ts';
import { giveBack } from '../../../api/src/store/queue.ts';
import { aDelivery, anEvent, DELIVERED, settlement } from '../../contract/queue.fixture.ts';
import { collectingLogger } from '../../support/logger.ts';
import { createMemoryQueue } from '../../support/memory-queue.ts';
import { createMemoryStore } from '../../support/memory-store.ts';

const ACCOUNT = 'account00000001';

export type Deliver = DispatcherDeps['deliver'];

/** Succeeds at once. */
export const succeed: Deliver = async (delivery) => settlement(delivery, DELIVERED, { outcome: 'success' });

/** Never answers; gives its lease back when it is told to stop. */
export const hang: Deliver = (delivery, _destination, signal) =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(giveBack(delivery))));

export interface HarnessOptions {
  destinations: (Pick<Destination, 'id'> & Partial<Destination>)[];
  deliver?: Deliver;
  slots?: number;
  leaseMs?: number;
  /** Characters of the bodies under way together. */
  maxLength?: number;
  /** Called with the leases given, before the dispatcher hears of them. */
  beforeClaimed?: () => Promise<void>;
}

/** The dispatcher over the queue in memory: everything real but the database and the attempt. */
export async function openDispatcher({
  destinations,
  deliver = succeed,
  slots = 8,
  leaseMs = 60_000,
  maxLength,
  beforeClaimed = async () => undefined,
}: HarnessOptions) {
  const store = createMemoryStore(Date.now);
  store.accounts.add(ACCOUNT);
  const records = destinations.map((fields) => ({ ...DESTINATION, ...fields }));
  for (const { id, enabled, paused, rate_limit, max_concurrency, ordered } of records)
    store.destinations.set(id, { id, enabled, disabled_reason: '', paused, rate_limit, max_concurrency, ordered });
  const queue = createMemoryQueue(store, { owner: 'process-1', leaseMs });
  const { logger, lines } = collectingLogger();
  const configuration = createConfigurationCache({
    load: async () => ({ version: 1, sources: [], destinations: records, mappings: [], unreadable: [] }),
    logger,
  });
  await configuration.refresh();

  /** Ids of deliveries in the order in which their attempts began, and of those that were settled. */
  const [begun, settled]: [string[], string[]] = [[], []];
  const calls = { claim: 0, settle: 0 };
  /** What befalls the store: a fault that the next calls meet. */
  const faults: { claim?: Error; settle?: Error } = {};
  const places = createSlots(slots, maxLength);
  const dispatcher = createDispatcher({
    slots: places,
    configuration,
    claim: async (...args) => {
      calls.claim++;
      if (faults.claim) throw faults.claim;
      const claim = await queue.claim(...args);
      await beforeClaimed();
      return claim;
    },
    settle: async (one) => {
      calls.settle++;
      if (faults.settle) throw faults.settle;
      const [result] = await queue.settle([one]);
      if (!result) throw new Error('no result');
      settled.push(one.delivery);
      return result;
    },
    deliver: (delivery, ...rest) => {
      begun.push(delivery.id);
      return deliver(delivery, ...rest);
    },
    logger,
    metrics: createMetrics(),
  });
  const accept: Parameters<typeof createSubmit>[0]['accept'] = async (item) => {
    const [result] = await queue.accept([item]);
    if (!result) throw new Error('no result');
    return result;
  };
  const submit = createSubmit({ accept, dispatcher, now: Date.now });

  return {
    store,
    queue,
    dispatcher,
    begun,
    settled,
    calls,
    faults,
    lines,
    slots: places,
    record: (id: string) => store.deliveries.get(id),
    /** Accepts one event with a delivery to each; their ids. */
    async post(...to: string[]): Promise<string[]> {
      const event = anEvent({ account: ACCOUNT, source: 'source000000001' });
      const planned = to.map((id) => ({
        delivery: aDelivery(id),
        destination: records.find((record) => record.id === id) as Destination,
      }));
      await submit({ event, planned });
      return planned.map(({ delivery }) => delivery.id);
    },
  };
}

const DESTINATION: Destination = {
  id: '',
  account: ACCOUNT,
  name: 'destination',
  type: 'http',
  url: 'https://example.com',
  headers: null,
  secrets: [],
  enabled: true,
  disabled_reason: '',
  max_concurrency: 0,
  paused: false,
  rate_limit: 0,
  ordered: false,
  retry_schedule: null,
  timeout_ms: 0,
};
