import { DEFAULT_TIMEOUT_MS, type Destination } from '../model/configuration.ts';
import type { LeasedDelivery } from '../model/delivery.ts';
import { createFaultLog, faultFields, type Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import {
  type Claim,
  type DestinationChange,
  giveBack,
  type Queue,
  type Settlement,
  type SettleResult,
} from '../store/queue.ts';
import type { Slots } from './slots.ts';
import { createWaker } from './waker.ts';

export interface DispatcherDeps {
  slots: Slots;
  configuration: ConfigurationCache;
  claim: Queue['claim'];
  /** `isPatient`: it may wait a little for others, to be stored with them. */
  settle: (settlement: Settlement, isPatient: boolean) => Promise<SettleResult>;
  /** Makes one attempt; resolves to its settlement, which gives the lease back if `signal` aborted the attempt. */
  deliver: (delivery: LeasedDelivery, destination: Destination, signal: AbortSignal) => Promise<Settlement>;
  logger: Logger;
  metrics: Pick<Metrics, 'attempts' | 'attemptDuration' | 'destinationChanges' | 'slotsBusy'>;
}

/** What a first attempt's log line says of the request that its event came with. */
export interface Accepted {
  /** Milliseconds from the request to the commit. */
  accepted_in_ms: number;
  /** Of the request's body. */
  bytes: number;
  /** Planned for the event, this one included. */
  deliveries: number;
}

export interface Dispatcher {
  /** Reserves a slot for a delivery about to be stored, its body `length` characters long; false: let it wait in the store. */
  reserve(destination: Destination, length: number): boolean;
  /** Releases a reserved slot whose delivery was not leased to this process. */
  release(destination: string, length: number): void;
  /** Delivers a leased delivery, in its reserved slot. Never throws; failures are logged. */
  start(delivery: LeasedDelivery, leaseExpiresAt: number, accepted?: Accepted): void;
  /** Claims again soon, because something may be due in the store. */
  wake(): void;
  /** Starts to claim and deliver what is due, until `stop`. Idempotent. */
  run(): void;
  /** Stops claiming, waits up to `graceMs` for attempts under way, then aborts them; each lease is settled or given back. */
  stop(graceMs: number): Promise<void>;
  readonly running: boolean;
}

const CLAIM_AT_MOST = 128;
/** Characters of bodies per claim: while it is parsed, a claim's answer exists in memory three times. */
const CLAIM_LENGTH_AT_MOST = 8 * 1024 * 1024;
/** Longest time between claims, since other processes and the dashboard can make deliveries due without a wake. */
const LOOK_AGAIN_MS = 1_000;
/** Shortest time between claims: slots free up one by one, and one claim can fill several. */
const BETWEEN_CLAIMS_MS = 5;
const AFTER_A_FAULT_MS = 500;
/** A lease must last for the attempt's timeout plus this time to settle. */
const SETTLE_MARGIN_MS = 5_000;
const CHANGES: Record<DestinationChange, string> = {
  opened: 'destination fails: only probes are sent until one succeeds',
  closed: 'destination is well again',
  disabled: 'destination disabled; its deliveries are held',
};

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { slots, logger } = deps;
  const waker = createWaker();
  const claimFaults = createFaultLog(logger, 'claim failed');
  const abort = new AbortController();
  const underWay = new Set<Promise<void>>();
  let running = false;
  let loop: Promise<void> | undefined;
  /** The last claim left due deliveries; new ones must not overtake them. */
  let backlogged = false;
  /** Destinations that may have due deliveries waiting for a slot: claim again when one of their deliveries ends. */
  const waitingForRoom = new Set<string>();

  function start(delivery: LeasedDelivery, leaseExpiresAt: number, accepted?: Accepted): void {
    const work = carryOut(delivery, leaseExpiresAt, accepted)
      .catch((fault) => {
        logger.error('delivery not settled; its lease will run out', { delivery: delivery.id, ...faultFields(fault) });
      })
      .finally(() => {
        underWay.delete(work);
        slots.release(delivery.destination, delivery.request_body.length);
        if (waitingForRoom.delete(delivery.destination)) waker.wakeIn(BETWEEN_CLAIMS_MS);
      });
    underWay.add(work);
    deps.metrics.slotsBusy.set(slots.busy);
  }

  async function carryOut(delivery: LeasedDelivery, leaseExpiresAt: number, accepted?: Accepted): Promise<void> {
    const { destination, settlement } = await attempt(delivery, leaseExpiresAt);
    const isPatient = destination !== undefined && canWait(destination, settlement);
    const result = await settleWithin(settlement, isPatient, leaseExpiresAt);
    if (result.status === 'failed') throw new Error(`the store can't take the result: ${result.message}`);
    report(delivery, destination, settlement, result, accepted);
  }

  /** Its slot is free for others as soon as it ends. */
  async function attempt(delivery: LeasedDelivery, leaseExpiresAt: number) {
    try {
      const destination = await findDestination(delivery.destination);
      // Claims leave out sealed destinations (secrets that can't be decrypted), but this one may be sealed since the claim.
      const canStart =
        destination &&
        destination.sealed === undefined &&
        performance.now() + (destination.timeout_ms || DEFAULT_TIMEOUT_MS) + SETTLE_MARGIN_MS < leaseExpiresAt;
      const settlement =
        destination && canStart
          ? await deps.deliver(delivery, destination, abort.signal)
          : giveBack(delivery, LOOK_AGAIN_MS);
      return { destination, settlement };
    } finally {
      slots.vacate(delivery.destination);
      deps.metrics.slotsBusy.set(slots.busy);
    }
  }

  async function findDestination(id: string): Promise<Destination | undefined> {
    const known = deps.configuration.current.destination(id);
    if (known) return known;
    await deps.configuration.refresh();
    return deps.configuration.current.destination(id);
  }

  /**
   * Whether nobody waits for this settlement: it holds up the breaker, and the next one of a destination that takes so many at once or one after
   * the other. A process that is killed meanwhile delivers again what it did not settle, as it does whenever it is killed between an answer
   * and its settlement.
   */
  function canWait(destination: Destination, { next }: Settlement): boolean {
    if (next.state !== 'delivered' || destination.ordered || !running) return false;
    return !backlogged && !waitingForRoom.has(destination.id) && slots.isRoomy(destination);
  }

  /** Retries until the lease expires or the process must end; the delivery is then leased again to some process anyway. */
  async function settleWithin(
    settlement: Settlement,
    isPatient: boolean,
    leaseExpiresAt: number,
  ): Promise<SettleResult> {
    for (;;) {
      try {
        return await deps.settle(settlement, isPatient);
      } catch (fault) {
        if (abort.signal.aborted || performance.now() + AFTER_A_FAULT_MS > leaseExpiresAt) throw fault;
        await waker.pause(AFTER_A_FAULT_MS);
      }
    }
  }

  function report(
    delivery: LeasedDelivery,
    destination: Destination | undefined,
    settlement: Settlement,
    result: SettleResult,
    accepted: Accepted | undefined,
  ): void {
    const { attempt, next } = settlement;
    const type = destination?.type ?? 'unknown';
    if (attempt) {
      deps.metrics.attempts.inc({ type, outcome: attempt.outcome });
      deps.metrics.attemptDuration.observe({ type }, attempt.duration_ms / 1000);
    }
    logger.info('delivery', {
      correlation_id: delivery.event.correlation_id,
      delivery: delivery.id,
      event: delivery.event.id,
      source: deps.configuration.current.sourceById(delivery.event.source)?.name,
      event_type: delivery.event.type || undefined,
      ...accepted,
      destination: delivery.destination,
      type,
      attempt: attempt?.number,
      outcome: attempt?.outcome ?? 'given back',
      status: attempt?.status,
      error: attempt?.error || undefined,
      duration_ms: attempt?.duration_ms,
      state: next.state,
      retry_in_ms: next.state === 'pending' ? next.retry_in_ms : undefined,
      settled: result.status,
    });
    if ('change' in result && result.change) reportChange(delivery, type, result.change, settlement);
    if (next.state === 'pending') waker.wakeIn(next.retry_in_ms);
  }

  function reportChange(
    { destination, event }: LeasedDelivery,
    type: string,
    change: DestinationChange,
    { attempt }: Settlement,
  ): void {
    deps.metrics.destinationChanges.inc({ type, change });
    const level = change === 'closed' ? 'info' : 'warn';
    const { correlation_id } = event;
    logger[level](CHANGES[change], { destination, type, change, correlation_id, error: attempt?.error || undefined });
  }

  async function claimLoop(): Promise<void> {
    while (running) {
      const waitMs = await claimAndStart();
      if (backlogged) await waker.pause(BETWEEN_CLAIMS_MS);
      else if (running) await waker.wait(Math.min(waitMs, LOOK_AGAIN_MS));
    }
  }

  /** Claims once and starts what it got; returns the milliseconds until something else is due. */
  async function claimAndStart(): Promise<number> {
    const hold = slots.hold(CLAIM_AT_MOST, CLAIM_LENGTH_AT_MOST);
    if (!hold) {
      backlogged = true;
      return 0;
    }
    let claim: Claim;
    try {
      // A destination may hold at most as many slots as stay free, so slow destinations always leave slots for others.
      claim = await deps.claim(
        hold.places,
        Math.max(1, slots.free),
        hold.length,
        deps.configuration.current.undeliverable,
      );
      claimFaults.worked();
    } catch (fault) {
      hold.release();
      claimFaults.failed(fault);
      await waker.pause(AFTER_A_FAULT_MS);
      return 0;
    }
    // Turn the hold into taken slots, without an await in between, so that nobody else takes them.
    hold.release();
    let length = 0;
    for (const delivery of claim.deliveries) {
      length += delivery.request_body.length;
      slots.take(delivery.destination, delivery.request_body.length);
      waitingForRoom.add(delivery.destination);
      start(delivery, claim.lease_expires_at);
    }
    backlogged = claim.deliveries.length === hold.places || length >= hold.length || slots.free === 0;
    return claim.next_due_in_ms ?? LOOK_AGAIN_MS;
  }

  return {
    reserve(destination, length) {
      const reserved = running && !backlogged && slots.reserve(destination, length);
      if (!reserved) waitingForRoom.add(destination.id);
      return reserved;
    },
    release(destination, length) {
      slots.vacate(destination);
      slots.release(destination, length);
      waitingForRoom.add(destination);
    },
    start,
    wake: () => waker.wake(),
    run() {
      running = true;
      loop ??= claimLoop();
    },
    async stop(graceMs) {
      running = false;
      waker.wake();
      const timer = setTimeout(() => abort.abort(), graceMs);
      await loop;
      while (underWay.size > 0) await Promise.all(underWay);
      clearTimeout(timer);
    },
    get running() {
      return running;
    },
  };
}
