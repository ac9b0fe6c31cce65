import { DEFAULT_MAX_CONCURRENCY, type Destination, heldReason } from '../../api/src/model/configuration.ts';
import type { Attempt, DeliveryState, PlannedDelivery } from '../../api/src/model/delivery.ts';
import type { Event } from '../../api/src/model/event.ts';
import type { Clock } from '../../api/src/model/ids.ts';
import type { MemoryBucket, MemoryHealth } from './memory-policy.ts';

export type MemoryDestination = Pick<
  Destination,
  'id' | 'enabled' | 'disabled_reason' | 'paused' | 'rate_limit' | 'max_concurrency' | 'ordered'
>;

export interface MemoryDelivery extends PlannedDeliveryFields {
  event: string;
  state: DeliveryState;
  seq: number;
  replay: '' | 'original' | 'current';
  attempts_made: number;
  tries_used: number;
  claims: number;
  lease_token: number;
  lease_owner: string;
  lease_until: number;
  created: number;
  next_attempt_at: number;
  expires_at: number;
  last_status: number;
  last_error: string;
}
type PlannedDeliveryFields = Omit<PlannedDelivery, 'state' | 'expires_in_ms'>;

/** What several processes share: the role of the database. Records are plain, so that tests can arrange and look. */
export interface MemoryStore {
  now: Clock;
  seq: number;
  accounts: Set<string>;
  destinations: Map<string, MemoryDestination>;
  health: Map<string, MemoryHealth>;
  buckets: Map<string, MemoryBucket>;
  events: Map<string, Event & { seq: number; duplicates: number }>;
  deliveries: Map<string, MemoryDelivery>;
  attempts: (Attempt & { delivery: string; lease_token: number })[];
  audit: { actor: string; action: string; subject: string }[];
  evaluator: { owner: string; epoch: number; expires_at: number; counting_since: number } | undefined;
  triggerStates: Map<string, { epoch: number; state: object }>;
}

export function createMemoryStore(now: Clock): MemoryStore {
  return {
    now,
    seq: 0,
    accounts: new Set(),
    destinations: new Map(),
    health: new Map(),
    buckets: new Map(),
    events: new Map(),
    deliveries: new Map(),
    attempts: [],
    audit: [],
    evaluator: undefined,
    triggerStates: new Map(),
  };
}

/** Switches a destination on or off, with what that does to the deliveries that wait for it. */
export function enableDestination(store: MemoryStore, id: string, enabled: boolean, reason = ''): void {
  const destination = store.destinations.get(id);
  if (!destination) throw new Error(`there is no destination ${id}`);
  destination.enabled = enabled;
  destination.disabled_reason = reason;
  if (enabled) store.health.delete(id);
  moveWaiting(store, id);
}

/** Lets what waits for a destination follow its state; how many deliveries changed theirs. */
export function moveWaiting(store: MemoryStore, id: string): number {
  const state = afterPending(store, id);
  const moved = having(store, (one) => one.destination === id && /pending|held/.test(one.state) && one.state !== state);
  for (const delivery of moved) delivery.state = state;
  return moved.length;
}

/** How many more deliveries a destination takes now, over all processes. */
export function room(store: MemoryStore, id: string): number {
  const destination = store.destinations.get(id);
  if (!destination || heldReason(destination)) return 0;
  if (destination.ordered) return having(store, (one) => one.destination === id && !isFinal(one)).length === 0 ? 1 : 0;
  const delivering = having(store, (one) => one.destination === id && one.state === 'delivering').length;
  return (destination.max_concurrency || DEFAULT_MAX_CONCURRENCY) - delivering;
}

/** What `pending` comes to: `held` while the destination is disabled or paused, `cancelled` once it is deleted. */
export function afterPending(store: MemoryStore, id: string): 'pending' | 'held' | 'cancelled' {
  const destination = store.destinations.get(id);
  if (!destination) return 'cancelled';
  return heldReason(destination) === undefined ? 'pending' : 'held';
}

export function isFinal({ state }: MemoryDelivery): boolean {
  return state !== 'pending' && state !== 'delivering' && state !== 'held';
}

export function having(store: MemoryStore, condition: (delivery: MemoryDelivery) => boolean): MemoryDelivery[] {
  return [...store.deliveries.values()].filter(condition);
}
