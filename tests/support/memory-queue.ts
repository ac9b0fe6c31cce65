import { heldReason } from '../../api/src/model/configuration.ts';
import type { DeliveryState, LeasedDelivery, PlannedDelivery } from '../../api/src/model/delivery.ts';
import type { Event } from '../../api/src/model/event.ts';
import type {
  AcceptedDelivery,
  AcceptItem,
  AcceptResult,
  BatchResult,
  DestinationCommand,
  DestinationResult,
  Queue,
  Settlement,
  SettleResult,
} from '../../api/src/store/queue.ts';
import { commandMany, commandOne } from './memory-command.ts';
import {
  chosenProbe,
  failedTooLong,
  goesAtOnce,
  isFailing,
  laterTimes,
  letsThrough,
  observeOutcome,
  reconsider,
  startProbe,
  takeToken,
  tokens,
} from './memory-policy.ts';
import {
  afterPending,
  enableDestination,
  having,
  isFinal,
  type MemoryDelivery,
  type MemoryStore,
  moveWaiting,
  room,
} from './memory-store.ts';

import { advance } from './memory-triggers.ts';

const CLAIMS_AT_MOST = 5;
const ID = /^[a-z0-9]{15}$/;

export interface MemoryQueueOptions {
  owner: string;
  leaseMs: number;
}

/** The queue port without a database: the semantics of the PocketBase service's routes, for tests of what stands above it. */
export function createMemoryQueue(store: MemoryStore, { owner, leaseMs }: MemoryQueueOptions): Queue {
  return {
    accept: async (batch) => {
      const lease_expires_at = performance.now() + leaseMs;
      return structuredClone(batch).map((item) => {
        const result = acceptOne(store, item, { owner, leaseMs });
        return result.status === 'accepted' || result.status === 'batch' ? { ...result, lease_expires_at } : result;
      });
    },
    claim: async (limit, perDestination, maxLength = Number.POSITIVE_INFINITY, except = []) => {
      const lease_expires_at = performance.now() + leaseMs;
      tidy(store);
      const deliveries: LeasedDelivery[] = [];
      let length = 0;
      for (let left = true; left && deliveries.length < limit && length < maxLength; ) {
        const round = claimable(store, owner, perDestination, except).slice(0, limit - deliveries.length);
        left = round.length > 0;
        for (const delivery of round) {
          if (length >= maxLength) break;
          const leased = lease(store, delivery, { owner, leaseMs });
          deliveries.push(leased);
          length += leased.request_body.length;
        }
      }
      return { deliveries, lease_expires_at, next_due_in_ms: nextDue(store, owner, perDestination, except) };
    },
    settle: async (batch) => structuredClone(batch).map((settlement) => settleOne(store, owner, settlement)),
    command: async (command) => commandOne(store, command),
    commandMany: async (command) => commandMany(store, command),
    commandDestination: async (command) => pauseOrResume(store, command),
    stats: async () => {
      const count = (state: DeliveryState) => having(store, ({ state: own }) => own === state).length;
      const due = having(store, ({ state }) => state === 'pending').map(({ next_attempt_at }) => next_attempt_at);
      return {
        depth: { pending: count('pending'), delivering: count('delivering'), held: count('held') },
        oldest_due_ms: due.length === 0 ? 0 : Math.max(0, store.now() - Math.min(...due)),
        destinations: {
          open: [...store.health.values()].filter(({ state }) => state === 'open').length,
          half_open: [...store.health.values()].filter(({ state }) => state === 'half_open').length,
          paused: [...store.destinations.values()].filter(({ paused }) => paused).length,
          disabled: [...store.destinations.values()].filter((one) => !one.enabled && one.disabled_reason).length,
        },
      };
    },
  };
}

type Acceptance =
  | { status: 'accepted'; seq: number; leased: string[] }
  | { status: 'batch'; results: BatchResult[] }
  | Exclude<AcceptResult, { status: 'accepted' | 'batch' }>;

/** All of an item or nothing of it. */
function acceptOne(store: MemoryStore, item: AcceptItem, lessee: MemoryQueueOptions): Acceptance {
  if ('batch' in item) return acceptBatch(store, item.batch, lessee);
  const problem = 'event' in item ? eventProblem(store, item) : replayProblem(store, item);
  if (problem) return { status: 'failed', message: problem };
  if ('replay' in item) return acceptReplay(store, item, lessee);
  const { event, deliveries, firing } = item;
  const stored = store.events.get(event.id);
  if (stored) return { status: 'accepted', seq: stored.seq, leased: stillLeased(store, deliveries, lessee) };
  const first = [...store.events.values()].find(
    (other) => event.dedupe_key !== '' && other.source === event.source && other.dedupe_key === event.dedupe_key,
  );
  if (first) {
    first.duplicates++;
    return { status: 'duplicate', id: first.id };
  }
  if (firing && !advance(store, firing)) return { status: 'stale' };
  const seq = ++store.seq;
  store.events.set(event.id, { ...event, seq, duplicates: 0 });
  for (const planned of deliveries) insert(store, planned, event.id, '', lessee);
  return { status: 'accepted', seq, leased: stillLeased(store, deliveries, lessee) };
}

function acceptBatch(
  store: MemoryStore,
  batch: Extract<AcceptItem, { batch: object }>['batch'],
  lessee: MemoryQueueOptions,
): Acceptance {
  const problem = batch.map((one) => eventProblem(store, one)).find((one) => one !== undefined);
  if (problem) return { status: 'failed', message: problem };
  return { status: 'batch', results: batch.map((one) => acceptOne(store, one, lessee) as BatchResult) };
}

function acceptReplay(
  store: MemoryStore,
  item: Extract<AcceptItem, { replay: object }>,
  lessee: MemoryQueueOptions,
): Acceptance {
  const { event, mode, actor } = item.replay;
  const added = item.deliveries.filter(({ id }) => !store.deliveries.has(id));
  for (const planned of added) insert(store, planned, event, mode, lessee);
  if (added.length > 0) store.audit.push({ actor, action: 'event.replay', subject: event });
  const seq = store.events.get(event)?.seq as number;
  return { status: 'accepted', seq, leased: stillLeased(store, item.deliveries, lessee) };
}

function eventProblem(store: MemoryStore, { event, deliveries }: Extract<AcceptItem, { event: object }>) {
  if (!ID.test(event.id)) return 'the event has no valid id';
  if (!store.accounts.has(event.account)) return `there is no account ${event.account}`;
  return store.events.has(event.id) ? undefined : deliveriesProblem(store, event.id, deliveries);
}

function replayProblem(store: MemoryStore, { replay, deliveries }: Extract<AcceptItem, { replay: object }>) {
  if (!store.events.has(replay.event)) return `there is no event ${replay.event}`;
  return deliveriesProblem(store, replay.event, deliveries);
}

function deliveriesProblem(store: MemoryStore, event: string, deliveries: PlannedDelivery[]): string | undefined {
  for (const { id } of deliveries) {
    if (!ID.test(id)) return 'a delivery has no valid id';
    const other = store.deliveries.get(id);
    if (other && other.event !== event) return `the delivery ${id} belongs to another event`;
  }
  return undefined;
}

function insert(
  store: MemoryStore,
  { lease: wanted, expires_in_ms, state: _planned, ...fields }: AcceptedDelivery,
  event: string,
  replay: MemoryDelivery['replay'],
  lessee: MemoryQueueOptions,
): void {
  const mayLease = wanted && room(store, fields.destination) > 0 && goesAtOnce(store, fields.destination);
  const delivery: MemoryDelivery = {
    ...fields,
    event,
    replay,
    seq: ++store.seq,
    state: afterPending(store, fields.destination),
    attempts_made: 0,
    tries_used: 0,
    claims: 0,
    lease_token: 0,
    lease_owner: '',
    lease_until: 0,
    created: store.now(),
    next_attempt_at: store.now(),
    expires_at: store.now() + expires_in_ms,
    last_status: 0,
    last_error: '',
  };
  store.deliveries.set(delivery.id, delivery);
  if (mayLease && delivery.state === 'pending') lease(store, delivery, lessee);
}

/** The repetition of an accept gets the same leases again, with their time renewed. */
function stillLeased(store: MemoryStore, planned: PlannedDelivery[], { owner, leaseMs }: MemoryQueueOptions): string[] {
  return planned.flatMap(({ id }) => {
    const one = store.deliveries.get(id);
    const held = one?.state === 'delivering' && one.lease_owner === owner && one.lease_token === 1;
    if (!held || one.lease_until <= store.now()) return [];
    one.lease_until = store.now() + leaseMs;
    return [id];
  });
}

function tidy(store: MemoryStore): void {
  const now = store.now();
  for (const one of having(store, ({ state, lease_until }) => state === 'delivering' && lease_until <= now)) {
    const poison = one.claims >= CLAIMS_AT_MOST;
    Object.assign(one, { lease_owner: '', lease_until: 0, next_attempt_at: now });
    one.state = poison ? 'dead' : afterPending(store, one.destination);
    if (poison) one.last_error = `claimed ${CLAIMS_AT_MOST} times without a result: it may be what stops the process`;
  }
  for (const one of having(store, ({ state, expires_at }) => /pending|held/.test(state) && expires_at <= now)) {
    one.state = 'expired';
    one.last_error = 'its time ran out before it was delivered';
  }
}

/** One due delivery of each destination that takes one: a round of a fair claim. */
function claimable(
  store: MemoryStore,
  owner: string,
  perDestination: number,
  except: readonly string[],
): MemoryDelivery[] {
  return [...store.destinations.values()].flatMap((destination) => {
    if (except.includes(destination.id)) return [];
    const own = having(store, (one) => one.destination === destination.id && !isFinal(one));
    if (!letsThrough(store, destination.id) || tokens(store, destination.id) < 1) return [];
    const underWay = own.filter((one) => one.state === 'delivering' && one.lease_owner === owner).length;
    const free = destination.ordered
      ? Number(!heldReason(destination))
      : Math.min(room(store, destination.id), perDestination - underWay);
    const order = (a: MemoryDelivery, b: MemoryDelivery) => a.next_attempt_at - b.next_attempt_at || a.seq - b.seq;
    const candidates = destination.ordered ? own.sort((a, b) => a.seq - b.seq).slice(0, 1) : own.sort(order);
    const chosen = destination.ordered ? undefined : chosenProbe(store, destination.id);
    const next = chosen ?? candidates.find((one) => one.state === 'pending' && one.next_attempt_at <= store.now());
    return next && free > 0 ? [next] : [];
  });
}

function nextDue(
  store: MemoryStore,
  owner: string,
  perDestination: number,
  except: readonly string[],
): number | undefined {
  if (claimable(store, owner, perDestination, except).length > 0) return 0;
  const waiting = having(store, (one) => one.state === 'pending' && one.next_attempt_at > store.now());
  const foreign = having(store, (one) => one.state === 'delivering' && one.lease_owner !== owner);
  const times = [
    ...laterTimes(store),
    ...waiting
      .filter((one) => isHead(store, one) && !isFailing(store, one.destination))
      .map(({ next_attempt_at }) => next_attempt_at),
    ...foreign.map(({ lease_until }) => lease_until),
  ];
  return times.length === 0 ? undefined : Math.min(...times) - store.now() + 1;
}

/** Whether nothing but time keeps it from being claimed. */
function isHead(store: MemoryStore, delivery: MemoryDelivery): boolean {
  const destination = store.destinations.get(delivery.destination);
  if (!destination?.ordered) return room(store, delivery.destination) > 0;
  const before = having(store, (one) => one.destination === destination.id && !isFinal(one) && one.seq < delivery.seq);
  return !heldReason(destination) && before.length === 0;
}

function lease(store: MemoryStore, delivery: MemoryDelivery, { owner, leaseMs }: MemoryQueueOptions): LeasedDelivery {
  const lease_until = store.now() + leaseMs;
  Object.assign(delivery, { state: 'delivering', lease_owner: owner, lease_until });
  startProbe(store, delivery);
  takeToken(store, delivery.destination);
  delivery.lease_token++;
  delivery.claims++;
  const event = store.events.get(delivery.event) as Event;
  const { id, account: _, body, body_encoding, content_type } = event;
  return {
    id: delivery.id,
    account: event.account,
    event: {
      id,
      source: event.source,
      type: event.type,
      correlation_id: event.correlation_id,
      traceparent: event.traceparent,
      hops: event.hops,
    },
    mapping: delivery.mapping,
    destination: delivery.destination,
    lease_token: delivery.lease_token,
    attempts_made: delivery.attempts_made,
    tries_used: delivery.tries_used,
    request_body: delivery.passthrough ? body : delivery.request_body,
    request_body_encoding: delivery.passthrough ? body_encoding : 'utf8',
    request_content_type: delivery.passthrough ? content_type : delivery.request_content_type,
    request_values: delivery.request_values,
    expires_at: delivery.expires_at,
  };
}

function settleOne(
  store: MemoryStore,
  owner: string,
  { delivery: id, lease_token, attempt, next }: Settlement,
): SettleResult {
  const one = store.deliveries.get(id);
  if (one?.state !== 'delivering' || one.lease_token !== lease_token || one.lease_owner !== owner) {
    const known = store.attempts.some(
      (other) => other.id === attempt?.id && other.delivery === id && other.lease_token === lease_token,
    );
    return { status: known ? 'repeated' : 'stale' };
  }
  one.state = next.state === 'pending' ? afterPending(store, one.destination) : next.state;
  Object.assign(one, { lease_owner: '', lease_until: 0, next_attempt_at: store.now() + next.retry_in_ms });
  one.claims = attempt ? 0 : Math.max(0, one.claims - 1);
  if (attempt) {
    store.attempts.push({ ...attempt, delivery: id, lease_token });
    one.attempts_made++;
    one.tries_used += Number(next.used_try);
    Object.assign(one, { last_status: attempt.status, last_error: attempt.error });
  }
  if (!attempt) return { status: 'settled' };
  const change = observeOutcome(store, one, attempt.outcome);
  const reason = next.disable_destination ?? (failedTooLong(store, one.destination) ? 'Every attempt failed.' : '');
  if (!reason || !store.destinations.get(one.destination)?.enabled)
    return change ? { status: 'settled', change } : { status: 'settled' };
  enableDestination(store, one.destination, false, reason);
  return { status: 'settled', change: 'disabled' };
}

function pauseOrResume(
  store: MemoryStore,
  { destination: id, command, rate, actor }: DestinationCommand,
): DestinationResult {
  const destination = store.destinations.get(id);
  if (!destination) return { status: 'unknown' };
  const paused = command === 'pause';
  if (destination.paused === paused) return { status: 'done', paused, deliveries: 0 };
  destination.paused = paused;
  reconsider(store, id, command);
  const held = having(store, (one) => one.destination === id && one.state === 'held').sort((a, b) => a.seq - b.seq);
  const deliveries = moveWaiting(store, id);
  if (!paused && deliveries > 0 && rate > 0) {
    for (const [turn, one] of held.entries())
      one.next_attempt_at = Math.max(one.next_attempt_at, store.now() + (turn * 1000) / rate);
  }
  store.audit.push({ actor, action: `destination.${command}`, subject: id });
  return { status: 'done', paused, deliveries };
}
