import type { Attempt, DeliveryState, LeasedDelivery, PlannedDelivery } from '../model/delivery.ts';
import type { Event } from '../model/event.ts';
import type { AccountScope, TimeFilter } from './records.ts';
import type { Write } from './write.ts';

/**
 * The queue port: what ingest, dispatch and delivery ask of the store. Every implementation passes
 * tests/contract/queue.suite.ts. All calls reject with Problem `store_unavailable` when the store can't be
 * reached or does not answer in time; the outcome is then unknown. Repeating the same call with the same ids is safe, but for
 * `claim`: what it leased without an answer waits until that lease ends.
 */
export interface Queue {
  /** Durable when it resolves. Results are in the order of the items; one bad item fails alone. */
  accept(batch: AcceptItem[]): Promise<AcceptResult[]>;
  /**
   * Leases up to `limit` due deliveries, fairly over destinations; none to a destination that has
   * `perDestination` under way, or as many as it allows itself, or that is one of `except`: those wait. Bodies of `maxLength`
   * characters together end it (absent or 0: as many as the store gives at once); the one that reaches them still belongs
   * to it, however large it is.
   */
  claim(limit: number, perDestination: number, maxLength?: number, except?: readonly string[]): Promise<Claim>;
  /** Records attempts and moves deliveries on; synced to disk within 50 ms: a power cut before makes them due again. Results in the order of the items. */
  settle(batch: Settlement[]): Promise<SettleResult[]>;
  /** What a person asks of one delivery. */
  command(command: DeliveryCommand): Promise<CommandResult>;
  /** What a person asks of the next deliveries of a selection. Call it again behind `next` until that is null. */
  commandMany(command: ManyCommand): Promise<ManyResult>;
  /** Pauses or resumes a destination. Repeating it changes nothing. */
  commandDestination(command: DestinationCommand): Promise<DestinationResult>;
  stats(): Promise<QueueStats>;
}

/** An event with its deliveries, or more deliveries of an event that is stored already. */
export type AcceptItem =
  | { event: Event; deliveries: AcceptedDelivery[]; firing?: TriggerAdvance }
  | { replay: ReplayOrigin; deliveries: AcceptedDelivery[] }
  /** The events of one request: all are stored, or none. */
  | { batch: { event: Event; deliveries: AcceptedDelivery[] }[] };

/** What becomes of a trigger's state. Both epochs have to be those that hold. */
export interface TriggerAdvance {
  trigger: string;
  /** Of the evaluator's lease. */
  epoch: number;
  /** How often the state had moved on before; it does once more. */
  state_epoch: number;
  state: object;
}

export interface AcceptedDelivery extends PlannedDelivery {
  /** This process has a free slot and wants to deliver it at once. */
  lease: boolean;
}

/** What a replay comes from. */
export interface ReplayOrigin extends Omit<Write, 'onRepeated'> {
  event: string;
  mode: 'original' | 'current';
  /** The replay of many events that it belongs to. */
  job?: string;
}

export type AcceptResult =
  /** `leased`: the ids that this process may deliver now, under lease token 1. */
  | { status: 'accepted'; seq: number; leased: string[]; lease_expires_at: number; made?: MadeDelivery[] }
  /** The source has an event with this dedupe key; nothing new was stored. */
  | { status: 'duplicate'; id: string }
  /** Of a batch, in the order of its events. */
  | { status: 'batch'; results: BatchResult[]; lease_expires_at: number }
  /** Of a firing: another process evaluates now, or the trigger's state has moved on. Nothing was stored. */
  | { status: 'stale' }
  /** `key_reused`: the replay's Idempotency-Key came with another request before. */
  | { status: 'failed'; message: string; key_reused?: true };

/** Of one event of a batch. */
export type BatchResult = { status: 'accepted'; seq: number; leased: string[] } | { status: 'duplicate'; id: string };

/** A delivery that a replay made. Those of an `AcceptResult` were made by an earlier request with the same key. */
export interface MadeDelivery {
  id: string;
  mapping: string;
  destination: string;
}

export interface Claim {
  deliveries: LeasedDelivery[];
  /** When the leases end, in milliseconds of this process's monotonic clock. */
  lease_expires_at: number;
  /** Until the next delivery that can be claimed is due; undefined: nothing waits. */
  next_due_in_ms: number | undefined;
}

export interface Settlement {
  delivery: string;
  lease_token: number;
  /** Absent: the lease is given back without an attempt (shutdown). */
  attempt?: Attempt;
  next: NextState;
}

/** The lease goes back without an attempt; the delivery is due again after so many milliseconds. */
export function giveBack({ id, lease_token }: Pick<LeasedDelivery, 'id' | 'lease_token'>, retry_in_ms = 0): Settlement {
  return { delivery: id, lease_token, next: { state: 'pending', retry_in_ms, used_try: false } };
}

/** What a settlement makes of its delivery. */
export interface NextState {
  state: Extract<DeliveryState, 'pending' | 'delivered' | 'dead' | 'expired'>;
  /** For `pending`: milliseconds from the commit to the next attempt. */
  retry_in_ms: number;
  /** Whether the attempt used up a try of the schedule. */
  used_try: boolean;
  /** Set: the destination is disabled with this reason, in the same transaction. */
  disable_destination?: string;
}

/** `stale`: another lease was given since; nothing changed. `repeated`: this very settlement was stored before. */
export type SettleResult =
  | { status: 'settled' | 'repeated' | 'stale'; change?: DestinationChange }
  /** It can't be stored; nothing changed. */
  | { status: 'failed'; message: string };

/** What an attempt changed about its destination: its breaker opened or closed, or it was disabled. */
export type DestinationChange = 'opened' | 'closed' | 'disabled';

export interface DeliveryCommand extends Write {
  delivery: string;
  command: 'retry' | 'cancel';
}

export type CommandResult =
  | { status: 'done'; state: DeliveryState }
  /** The delivery's state does not allow it. */
  | { status: 'refused'; state: DeliveryState }
  | { status: 'unknown' };

/** Those in one state, in the order of acceptance. What is absent does not matter. */
export interface DeliverySelection extends TimeFilter {
  state: DeliveryState;
  event?: string;
  destination?: string;
  mapping?: string;
}

export interface ManyCommand extends Write {
  command: 'retry' | 'cancel';
  scope: AccountScope;
  selection: DeliverySelection;
  /** How many it looks at, from 1 to `COMMANDED_AT_MOST`; a dry run looks at up to 200,000. */
  limit: number;
  /** How many retries are due per second, up to 1,000; 0: all at once. */
  rate: number;
  /** Only counts what would come of them. */
  dry_run: boolean;
  /** Where the call before ended; absent: at the first. */
  after?: ManyPosition;
}

/** What one call of `commandMany` may change: it holds up everything else that is written for so long. */
export const COMMANDED_AT_MOST = 500;

/** `due_at`: when the next is due, at the rate. RFC 3339. */
export interface ManyPosition {
  seq: number;
  due_at: string;
}

export interface ManyResult {
  outcomes: ManyOutcome[];
  /** Null: there are no more. */
  next: ManyPosition | null;
}

/**
 * What came of so many deliveries to a destination: the state they are in, or why they stay as they were. `changed`: another
 * state by the time that it was their turn.
 */
export interface ManyOutcome {
  destination: string;
  outcome: 'pending' | 'held' | 'cancelled' | 'destination_deleted' | 'changed';
  deliveries: number;
}

export interface DestinationCommand extends Write {
  destination: string;
  command: 'pause' | 'resume';
  /** Held deliveries per second that a resume lets go, oldest first, from 0.01 to 1,000; 0: all at once. */
  rate: number;
}

/** `deliveries`: how many were held, or let go. */
export type DestinationResult = { status: 'done'; paused: boolean; deliveries: number } | { status: 'unknown' };

export interface QueueStats {
  /** Deliveries that are not final, by state. */
  depth: Record<'pending' | 'delivering' | 'held', number>;
  /** How long the oldest due delivery has waited; 0 when none is due. */
  oldest_due_ms: number;
  /** Destinations that don't take deliveries as they come; `disabled` counts those that were switched off by themselves. */
  destinations: Record<'open' | 'half_open' | 'paused' | 'disabled', number>;
}
