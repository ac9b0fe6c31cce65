import { createDispatcher, type DispatcherDeps } from '../../../api/src/dispatch/dispatcher.ts';
import { createSlots } from '../../../api/src/dispatch/slots.ts';
import { createSubmit } from '../../../api/src/dispatch/submit.ts';
import type { Destination } from '../../../api/src/model/configuration.ts';
import { createMetrics } from '../../../api/src/ops/metrics.ts';
import { createConfigurationCache } from '../../../api/src/store/configuration.ts';
import { giveBack } from '../../../api/src/store/queue.ts';
import { DELIVERED, settlement } from '../../contract/queue.fixture.ts';
import { collectingLogger } from '../../support/logger.ts';
import { createMemoryQueue } from '../../support/memory-queue.ts';
import { createMemoryStore } from '../../support/memory-store.ts';
import { aDestination, anEvent, aPlannedDelivery } from '../../support/records.ts';

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
  const records = destinations.map(aDestination);
  for (const record of records) store.destinations.set(record.id, { ...record });
  const queue = createMemoryQueue(store, { owner: 'process-1', leaseMs });
  const { logger, lines } = collectingLogger();
  const configuration = createConfigurationCache({
    load: async () => ({
      version: 1,
      sources: [],
      destinations: records,
      mappings: [],
      unreadable: [],
    }),
    logger,
  });
  await configuration.refresh();

  /** Ids of deliveries in the order in which their attempts began, and of those that were settled. */
  const [begun, settled]: [string[], string[]] = [[], []];
  /** Destinations for whose settlements nobody waited. */
  const patient: string[] = [];
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
    settle: async (one, isPatient) => {
      calls.settle++;
      if (isPatient) patient.push(store.deliveries.get(one.delivery)?.destination ?? '');
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
    patient,
    calls,
    faults,
    lines,
    slots: places,
    record: (id: string) => store.deliveries.get(id),
    /** Accepts one event with a delivery to each; their ids. */
    async post(...to: string[]): Promise<string[]> {
      const event = anEvent();
      const planned = to.map((id) => ({
        delivery: aPlannedDelivery({ destination: id }),
        destination: records.find((record) => record.id === id) as Destination,
      }));
      await submit({ event, planned });
      return planned.map(({ delivery }) => delivery.id);
    },
  };
}
