import type { DestinationHealth } from '../../api/src/model/configuration.ts';
import type { OutcomeKind } from '../../api/src/model/delivery.ts';
import type { DestinationChange, DestinationCommand } from '../../api/src/store/queue.ts';
import { having, isFinal, type MemoryDelivery, type MemoryStore } from './memory-store.ts';

/** Rate limits and circuit breakers without a database: what pocketbase/internal/policy/rate.go and breaker.go do. */

export interface MemoryHealth {
  state: DestinationHealth['state'];
  failures: number;
  failing_since: number;
  next_probe_at: number;
  cool_down_ms: number;
  probe: string;
}

export interface MemoryBucket {
  tokens: number;
  filled_at: number;
}

const OPEN_AFTER = 10;
const COOL_DOWN_MS = { first: 30_000, last: 3_600_000 };
const FAILING_AT_MOST_MS = 5 * 24 * 3_600_000;
const COLLECT_MS = 50;

/** How many deliveries the rate limit lets go now. */
export function tokens(store: MemoryStore, id: string): number {
  const bucket = refilled(store, id);
  return bucket ? Math.floor(bucket.tokens + 1e-9) : Number.POSITIVE_INFINITY;
}

export function takeToken(store: MemoryStore, id: string): void {
  const bucket = refilled(store, id);
  if (bucket) bucket.tokens--;
}

function refilled(store: MemoryStore, id: string): MemoryBucket | undefined {
  const rate = store.destinations.get(id)?.rate_limit ?? 0;
  if (rate === 0) return undefined;
  const now = store.now();
  const { tokens: left, filled_at } = store.buckets.get(id) ?? { tokens: Math.max(1, rate), filled_at: now };
  const bucket = { tokens: Math.min(Math.max(1, rate), left + ((now - filled_at) / 1000) * rate), filled_at: now };
  store.buckets.set(id, bucket);
  return bucket;
}

/** A new delivery may go at once: it passes nothing that waits for the rate limit, and probes nothing. */
export function goesAtOnce(store: MemoryStore, id: string): boolean {
  if (isFailing(store, id) || tokens(store, id) < 1) return false;
  const limited = (store.destinations.get(id)?.rate_limit ?? 0) > 0;
  return !limited || !due(store, id).length;
}

export function isFailing(store: MemoryStore, id: string): boolean {
  return (store.health.get(id)?.state ?? 'closed') !== 'closed';
}

/** Whether the breaker lets a delivery through now: any of a closed one, the one probe of an open one. */
export function letsThrough(store: MemoryStore, id: string): boolean {
  const health = store.health.get(id);
  if (!health || health.state === 'closed') return true;
  if (health.state === 'open') return health.next_probe_at <= store.now();
  return store.deliveries.get(health.probe)?.state !== 'delivering';
}

/** The delivery that a person wants to be the probe goes before the others. */
export function chosenProbe(store: MemoryStore, id: string): MemoryDelivery | undefined {
  return due(store, id).find((delivery) => delivery.id === store.health.get(id)?.probe);
}

export function startProbe(store: MemoryStore, { id, destination }: MemoryDelivery): void {
  if (!isFailing(store, destination)) return;
  Object.assign(store.health.get(destination) as MemoryHealth, { state: 'half_open', probe: id });
}

export function observeOutcome(
  store: MemoryStore,
  { id, destination }: MemoryDelivery,
  outcome: OutcomeKind,
): DestinationChange | undefined {
  if (outcome === 'expired') return undefined;
  const health = store.health.get(destination) ?? newHealth();
  if (outcome === 'success') {
    store.health.delete(destination);
    return health.state === 'closed' ? undefined : 'closed';
  }
  const probing = health.state === 'half_open' && health.probe === id;
  const open = (cool_down_ms: number) =>
    Object.assign(health, { state: 'open', probe: '', cool_down_ms, next_probe_at: store.now() + cool_down_ms });
  if (outcome === 'throttled') {
    if (probing) open(health.cool_down_ms);
    return undefined;
  }
  store.health.set(destination, health);
  if (outcome === 'retry') health.failures++;
  health.failing_since ||= store.now();
  if (probing) open(Math.min(2 * health.cool_down_ms, COOL_DOWN_MS.last));
  if (health.state !== 'closed' || health.failures < OPEN_AFTER) return undefined;
  open(COOL_DOWN_MS.first);
  return 'opened';
}

/** An edit by hand lets an open breaker try at once; a resume also begins the five days anew, since nothing was tried. */
export function reconsider(store: MemoryStore, id: string, command: DestinationCommand['command']): void {
  const health = store.health.get(id);
  if (health && command === 'resume') health.failing_since = store.now();
  if (health?.state === 'open') health.next_probe_at = store.now();
}

export function failedTooLong(store: MemoryStore, id: string): boolean {
  const since = store.health.get(id)?.failing_since ?? 0;
  return since > 0 && since <= store.now() - FAILING_AT_MOST_MS;
}

/** When a probe or a refilled rate limit lets something go that waits for nothing else. */
export function laterTimes(store: MemoryStore): number[] {
  const now = store.now();
  return [...store.destinations.values()].flatMap(({ id, enabled, paused, ordered, rate_limit }) => {
    if (!enabled || paused) return [];
    const waiting = having(store, (one) => one.destination === id && !isFinal(one)).sort((a, b) => a.seq - b.seq);
    const pending = (ordered ? waiting.slice(0, 1) : waiting).filter(({ state }) => state === 'pending');
    const health = store.health.get(id);
    const times: number[] = [];
    if (health?.state === 'open' && pending.length > 0)
      times.push(Math.max(health.next_probe_at, Math.min(...pending.map(({ next_attempt_at }) => next_attempt_at))));
    const bucket = refilled(store, id);
    if (bucket && tokens(store, id) < 1 && due(store, id).length > 0)
      times.push(now + Math.max(COLLECT_MS, ((1 - bucket.tokens) / rate_limit) * 1000));
    return times.filter((time) => time > now);
  });
}

function due(store: MemoryStore, id: string): MemoryDelivery[] {
  return having(
    store,
    (one) => one.destination === id && one.state === 'pending' && one.next_attempt_at <= store.now(),
  );
}

function newHealth(): MemoryHealth {
  return { state: 'closed', failures: 0, failing_since: 0, next_probe_at: 0, cool_down_ms: 0, probe: '' };
}
