import type { Destination, DestinationHealth } from '../../api/src/model/configuration.ts';
import type { Attempt, DeliveryState, LeasedDelivery } from '../../api/src/model/delivery.ts';
import type { Event } from '../../api/src/model/event.ts';
import type { AcceptedDelivery, AcceptItem, NextState, Queue, Settlement } from '../../api/src/store/queue.ts';
import type { TriggerStore } from '../../api/src/store/triggers.ts';
import { anAttempt, anEvent, aPlannedDelivery } from '../support/records.ts';

/** What the suite asks of an implementation besides the port: to arrange what operators and time do, and to look. */
export interface QueueFixture {
  account: string;
  source: string;
  /** The queue as one process sees it; its leases last 30 s. */
  queue(owner?: string): Queue;
  /** Where triggers stand, as one process sees it. */
  triggers(owner?: string): TriggerStore;
  addDestination(
    fields?: Partial<Pick<Destination, 'enabled' | 'rate_limit' | 'max_concurrency' | 'ordered'>>,
  ): Promise<string>;
  setEnabled(destination: string, enabled: boolean): Promise<void>;
  removeDestination(destination: string): Promise<void>;
  destination(id: string): Promise<Pick<Destination, 'enabled' | 'disabled_reason'>>;
  /** Undefined: it is well. */
  health(destination: string): Promise<Pick<DestinationHealth, 'state' | 'failures'> | undefined>;
  /** The next probe is due; or the destination has failed for so many milliseconds. */
  ageHealth(destination: string, age: { probeDue?: true; failingForMs?: number }): Promise<void>;
  event(id: string): Promise<{ seq: number; duplicates: number } | undefined>;
  delivery(id: string): Promise<DeliveryRow | undefined>;
  attempts(delivery: string): Promise<Pick<Attempt, 'id' | 'number' | 'outcome'>[]>;
  /** `<actor> <action>`, oldest first. */
  audit(subject: string): Promise<string[]>;
  /** Moves a delivery's times to so many milliseconds from now: as if time had passed. */
  shift(delivery: string, times: Partial<Record<(typeof TIMES)[number], number>>): Promise<void>;
  /** Forgets events, deliveries and destinations. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export const TIMES = ['lease_until', 'expires_at', 'next_attempt_at'] as const;
export const LEASE_MS = 30_000;

export interface DeliveryRow {
  state: DeliveryState;
  seq: number;
  replay: string;
  attempts_made: number;
  tries_used: number;
  lease_token: number;
  last_status: number;
  last_error: string;
  /** Milliseconds since the epoch. */
  next_attempt_at: number;
  expires_at: number;
}

export function anEventOf(
  { account, source }: Pick<QueueFixture, 'account' | 'source'>,
  fields: Partial<Event> = {},
): Event {
  return anEvent({ account, source, ...fields });
}

export function aDeliveryTo(destination: string, fields: Partial<AcceptedDelivery> = {}): AcceptedDelivery {
  return { ...aPlannedDelivery({ destination }), lease: false, ...fields };
}

export const DELIVERED: NextState = { state: 'delivered', retry_in_ms: 0, used_try: true };
export const RETRY_NOW: NextState = { state: 'pending', retry_in_ms: 0, used_try: true };

/** What a process reports of a delivery that it leased. */
export function settlement(
  { id, lease_token }: Pick<LeasedDelivery, 'id' | 'lease_token'>,
  next: NextState = DELIVERED,
  attempt: Partial<Attempt> = {},
): Settlement {
  return { delivery: id, lease_token, attempt: anAttempt(attempt), next };
}

/** Accepts one event with these deliveries; throws unless it was accepted. */
export async function acceptOne(fixture: QueueFixture, deliveries: AcceptedDelivery[], queue = fixture.queue()) {
  const [result] = await queue.accept([{ event: anEventOf(fixture), deliveries }]);
  if (result?.status !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(result)}`);
  return result;
}

/** Accepts as many events with one waiting delivery each; the deliveries' ids, oldest first. */
export async function acceptWaiting(fixture: QueueFixture, destination: string, count = 1): Promise<string[]> {
  const items = Array.from({ length: count }, () => ({
    event: anEventOf(fixture),
    deliveries: [aDeliveryTo(destination)],
  })) satisfies AcceptItem[];
  await fixture.queue().accept(items);
  return items.flatMap(({ deliveries }) => deliveries.map(({ id }) => id));
}

/** Claims for one process; the ids of what it got. */
export async function claimIds(queue: Queue, limit = 100, perDestination = 100): Promise<string[]> {
  return (await queue.claim(limit, perDestination)).deliveries.map(({ id }) => id);
}

/** Claims exactly one. */
export async function claimOne(queue: Queue): Promise<LeasedDelivery> {
  const { deliveries } = await queue.claim(1, 100);
  if (!deliveries[0]) throw new Error('nothing was due');
  return deliveries[0];
}
