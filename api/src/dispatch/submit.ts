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

/**
 * The only way into the queue, for new deliveries and replays: reserves free slots, stores everything durably, and
 * starts at once the deliveries that the same commit leased to this process.
 */
export function createSubmit(deps: SubmitDeps): Submit {
  const { dispatcher } = deps;
  return async (submission) => {
    const { event, planned, arrival } = submission;
    const reserved = planned.filter(
      ({ delivery, destination }) =>
        delivery.state === 'pending' && dispatcher.reserve(destination, lengthOf(delivery, event)),
    );
    let leased: Planned[] = [];
    try {
      const result = await deps.accept(toItem(submission, reserved));
      if (result.status !== 'accepted') return result;
      leased = reserved.filter(({ delivery }) => result.leased.includes(delivery.id));
      const accepted = arrival && {
        accepted_in_ms: Math.round((performance.now() - arrival.at) * 10) / 10,
        bytes: arrival.bytes,
        deliveries: planned.length,
      };
      for (const { delivery } of leased)
        dispatcher.start(toLeased(delivery, event, deps.now()), result.lease_expires_at, accepted);
      if (leased.length < planned.length) dispatcher.wake();
      return result;
    } finally {
      for (const one of reserved) {
        if (!leased.includes(one)) dispatcher.release(one.delivery.destination, lengthOf(one.delivery, event));
      }
    }
  };
}

function toItem(submission: Submission, reserved: Planned[]): AcceptItem {
  const deliveries = submission.planned.map((one) => ({ ...one.delivery, lease: reserved.includes(one) }));
  if (submission.replay) return { replay: { event: submission.event.id, ...submission.replay }, deliveries };
  const { event, firing } = submission;
  return { event, deliveries, ...(firing && { firing }) };
}

function lengthOf(delivery: PlannedDelivery, event: SentEvent): number {
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
