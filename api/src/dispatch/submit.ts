import { bodyToSend, type LeasedDelivery, type PlannedDelivery } from '../model/delivery.ts';
import type { Clock } from '../model/ids.ts';
import type { AcceptItem, AcceptResult } from '../store/queue.ts';
import type { Planned, SentEvent, Submission } from '../store/submission.ts';
import type { Dispatcher } from './dispatcher.ts';

export interface SubmitDeps {
  accept: (item: AcceptItem) => Promise<AcceptResult>;
  dispatcher: Pick<Dispatcher, 'reserve' | 'release' | 'start' | 'wake'>;
  now: Clock;
}

export type Submit = (submission: Submission) => Promise<AcceptResult>;

/** A planned delivery with the event that it is of. */
interface Part extends Planned {
  event: SentEvent;
}

/**
 * The only way into the queue, for new deliveries and replays: reserves free slots, stores everything durably, and
 * starts at once the deliveries that the same commit leased to this process.
 */
export function createSubmit(deps: SubmitDeps): Submit {
  const { dispatcher } = deps;
  return async (submission) => {
    const parts = partsOf(submission);
    const reserved = new Set<PlannedDelivery>();
    for (const part of parts) {
      const { delivery, destination } = part;
      if (delivery.state === 'pending' && dispatcher.reserve(destination, lengthOf(part))) reserved.add(delivery);
    }
    let leased = new Set<string>();
    try {
      const result = await deps.accept(toItem(submission, reserved));
      if (result.status !== 'accepted' && result.status !== 'batch') return result;
      leased = leasedBy(result);
      const accepted = acceptanceOf(submission);
      let started = 0;
      for (const { delivery, event } of parts) {
        if (!reserved.has(delivery) || !leased.has(delivery.id)) continue;
        dispatcher.start(toLeased(delivery, event, deps.now()), result.lease_expires_at, accepted);
        started++;
      }
      if (started < parts.length) dispatcher.wake();
      return result;
    } finally {
      for (const part of parts) {
        const { delivery } = part;
        if (reserved.has(delivery) && !leased.has(delivery.id))
          dispatcher.release(delivery.destination, lengthOf(part));
      }
    }
  };
}

/** What the log says of an event's acceptance beside its first delivery. */
function acceptanceOf({ arrival, ...submission }: Submission) {
  if (!arrival || 'batch' in submission) return undefined;
  return {
    accepted_in_ms: Math.round((performance.now() - arrival.at) * 10) / 10,
    bytes: arrival.bytes,
    deliveries: submission.planned.length,
  };
}

function partsOf(submission: Submission): Part[] {
  const drafted = 'batch' in submission ? submission.batch : [submission];
  return drafted.flatMap(({ event, planned }) => planned.map((one) => ({ ...one, event })));
}

function leasedBy(result: Extract<AcceptResult, { status: 'accepted' | 'batch' }>): Set<string> {
  if (result.status === 'accepted') return new Set(result.leased);
  return new Set(result.results.flatMap((one) => (one.status === 'accepted' ? one.leased : [])));
}

function toItem(submission: Submission, reserved: ReadonlySet<PlannedDelivery>): AcceptItem {
  const withLeases = (planned: Planned[]) =>
    planned.map(({ delivery }) => ({ ...delivery, lease: reserved.has(delivery) }));
  if ('batch' in submission)
    return { batch: submission.batch.map(({ event, planned }) => ({ event, deliveries: withLeases(planned) })) };
  const deliveries = withLeases(submission.planned);
  if (submission.replay) return { replay: { event: submission.event.id, ...submission.replay }, deliveries };
  const { event, firing } = submission;
  return { event, deliveries, ...(firing && { firing }) };
}

function lengthOf({ delivery, event }: Pick<Part, 'delivery' | 'event'>): number {
  return bodyToSend(delivery, event).request_body.length;
}

/** The same value as a claim would return, built without a request to the store. */
function toLeased(delivery: PlannedDelivery, event: SentEvent, now: number): LeasedDelivery {
  return {
    id: delivery.id,
    account: event.account,
    event: {
      id: event.id,
      source: event.source,
      type: event.type,
      correlation_id: event.correlation_id,
      traceparent: event.traceparent,
      hops: event.hops,
    },
    mapping: delivery.mapping,
    destination: delivery.destination,
    lease_token: 1,
    attempts_made: 0,
    tries_used: 0,
    ...bodyToSend(delivery, event),
    request_values: delivery.request_values,
    expires_at: now + delivery.expires_in_ms,
  };
}
