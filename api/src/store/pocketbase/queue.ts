import type { DeliveryState, LeasedDelivery } from '../../model/delivery.ts';
import type { Event } from '../../model/event.ts';
import type {
  AcceptItem,
  AcceptResult,
  BatchResult,
  Claim,
  CommandResult,
  DestinationResult,
  MadeDelivery,
  ManyOutcome,
  ManyResult,
  Queue,
  QueueStats,
  Settlement,
  SettleResult,
} from '../queue.ts';
import { type CallDeps, callOnce, callRoute, callWrite } from './call.ts';
import { toModelTime, toStoreTime } from './times.ts';

export interface PocketBaseQueueOptions {
  /** Names this process among those that hold leases. */
  owner: string;
  /** How long a lease lasts; longer than any attempt. Asked for each call, since a destination's timeout may change. */
  leaseMs: () => number;
}

interface Answer {
  config_version: number;
}

type AcceptAnswer = Answer & {
  results: (
    | { status: 'accepted'; seq: number; leased: string[] | null; made?: MadeDelivery[] }
    | { status: 'duplicate'; id: string }
    | { status: 'batch'; results: BatchResult[] }
    | { status: 'stale' }
    | { status: 'failed'; message: string; key_reused?: true }
  )[];
};
type ClaimAnswer = Answer & { deliveries: LeasedDelivery[] | null; next_due_in_ms: number | null };
type SettleAnswer = Answer & { results: SettleResult[] };
type DestinationAnswer = Answer & { status: DestinationResult['status']; paused: boolean; deliveries: number };
type ManyAnswer = Answer & { outcomes: ManyOutcome[]; position: number; due_at: string; done: boolean };
type CommandAnswer = Answer & { status: CommandResult['status']; state: DeliveryState };

/** By one dry run, which only reads. */
const COUNTED_AT_MOST = 200_000;

/** Longer than a call that is repeated: it waits behind whatever holds the writer, a backup say. */
const CLAIM_MS = 10_000;

/** The queue port over the PocketBase service's own routes (pocketbase/README.md). */
export function createPocketBaseQueue(deps: CallDeps, options: PocketBaseQueueOptions): Queue {
  const lease = () => ({ owner: options.owner, lease_ms: options.leaseMs() });
  return {
    async accept(items: AcceptItem[]): Promise<AcceptResult[]> {
      const request = { ...lease(), items: items.map(toStoreItem) };
      const expiresAt = performance.now() + request.lease_ms;
      const answer = await callRoute<AcceptAnswer>(deps, 'accept', request);
      return answer.results.map((result) => {
        if (result.status === 'accepted')
          return { ...result, leased: result.leased ?? [], lease_expires_at: expiresAt };
        return result.status === 'batch' ? { ...result, lease_expires_at: expiresAt } : result;
      });
    },

    async claim(limit, perDestination, maxLength = 0, except = []): Promise<Claim> {
      const request = { ...lease(), limit, per_destination: perDestination, max_length: maxLength, except };
      const expiresAt = performance.now() + request.lease_ms;
      const answer = await callOnce<ClaimAnswer>(deps, 'claim', CLAIM_MS, request);
      return {
        deliveries: answer.deliveries ?? [],
        lease_expires_at: expiresAt,
        next_due_in_ms: answer.next_due_in_ms ?? undefined,
      };
    },

    async settle(results: Settlement[]): Promise<SettleResult[]> {
      const request = { owner: options.owner, results: results.map(toStoreSettlement) };
      return (await callRoute<SettleAnswer>(deps, 'settle', request)).results;
    },

    async command(command): Promise<CommandResult> {
      const { status, state } = await callWrite<CommandAnswer>(deps, 'command', command);
      return status === 'unknown' ? { status } : { status, state };
    },

    async commandMany({ scope = '', selection, after, ...rest }): Promise<ManyResult> {
      const { from, to } = selection;
      const times = { ...(from && { from: toStoreTime(from) }), ...(to && { to: toStoreTime(to) }) };
      const request = {
        ...rest,
        limit: rest.dry_run ? COUNTED_AT_MOST : rest.limit,
        selection: { ...selection, ...times, account: scope, after: after?.seq ?? 0 },
        due_at: after === undefined ? '' : toStoreTime(after.due_at),
      };
      const { outcomes, position, due_at, done } = await callWrite<ManyAnswer>(deps, 'command/many', request);
      return { outcomes, next: done ? null : { seq: position, due_at: toModelTime(due_at) } };
    },

    async commandDestination(command): Promise<DestinationResult> {
      const { status, paused, deliveries } = await callWrite<DestinationAnswer>(deps, 'destination', command);
      return status === 'unknown' ? { status } : { status, paused, deliveries };
    },

    stats: () => callRoute<QueueStats & Answer>(deps, 'stats'),
  };
}

function toStoreItem(item: AcceptItem): AcceptItem {
  if ('batch' in item) return { batch: item.batch.map(withStoreTime) };
  return 'event' in item ? withStoreTime(item) : item;
}

function withStoreTime<T extends { event: Event }>(item: T): T {
  return { ...item, event: { ...item.event, received_at: toStoreTime(item.event.received_at) } };
}

function toStoreSettlement({ attempt, ...settlement }: Settlement): Settlement {
  if (!attempt) return settlement;
  return { ...settlement, attempt: { ...attempt, started_at: toStoreTime(attempt.started_at) } };
}
