import type { Destination } from '../model/configuration.ts';
import type { LeasedDelivery, PlannedDelivery } from '../model/delivery.ts';
import type { BodyEncoding, Event } from '../model/event.ts';
import type { Clock } from '../model/ids.ts';
import type { AcceptItem, AcceptResult } from '../store/queue.ts';
import type { Dispatcher } from './dispatcher.ts';

/** What goes to the store in one piece, with what a delivery needs in memory to start without reading it back. */
export interface Submission {
  /** The event that is accepted now, or the stored one that is replayed. */
  event: Pick<
    Event,
    | 'id'
    | 'account'
    | 'source'
    | 'type'
    | 'correlation_id'
    | 'traceparent'
    | 'hops'
    | 'body'
    | 'body_encoding'
    | 'content_type'
  >;
  planned: { delivery: PlannedDelivery; destination: Destination }[];
  toItem: (deliveries: PlannedDelivery[]) => AcceptItem;
}

export interface SubmitDeps {
  accept: (item: AcceptItem) => Promise<AcceptResult>;
  dispatcher: Pick<Dispatcher, 'reserve' | 'release' | 'start' | 'wake'>;
  now: Clock;
}

export type Submit = (submission: Submission) => Promise<AcceptResult>;

/**
 * The one way into the queue, for first deliveries and replays: reserves free slots, stores everything
 * durably, and starts at once what the same commit leased to this process.
 */
export function createSubmit(deps: SubmitDeps): Submit {
  const { dispatcher } = deps;
  return async ({ event, planned, toItem }) => {
    for (const { delivery, destination } of planned) {
      delivery.lease = delivery.state === 'pending' && dispatcher.reserve(destination, lengthOf(delivery, event));
    }
    const result = await deps.accept(toItem(planned.map(({ delivery }) => delivery))).catch((fault) => {
      release(planned, event, []);
      throw fault;
    });
    const leased = result.status === 'accepted' ? result.leased : [];
    release(planned, event, leased);
    if (result.status !== 'accepted') return result;
    for (const { delivery } of planned) {
      if (leased.includes(delivery.id))
        dispatcher.start(toLeased(delivery, event, deps.now()), result.lease_expires_at);
    }
    if (leased.length < planned.length) dispatcher.wake();
    return result;
  };

  function release(planned: Submission['planned'], event: Submission['event'], leased: string[]): void {
    for (const { delivery } of planned) {
      if (delivery.lease && !leased.includes(delivery.id))
        dispatcher.release(delivery.destination, lengthOf(delivery, event));
    }
  }
}

/** Of the body that goes out, as toLeased has it. */
function lengthOf(delivery: PlannedDelivery, event: Submission['event']): number {
  return delivery.passthrough ? event.body.length : delivery.request_body.length;
}

/** The same value that a claim would return, made without asking the store. */
function toLeased(delivery: PlannedDelivery, event: Submission['event'], now: number): LeasedDelivery {
  const body: { request_body: string; request_body_encoding: BodyEncoding; request_content_type: string } =
    delivery.passthrough
      ? {
          request_body: event.body,
          request_body_encoding: event.body_encoding,
          request_content_type: event.content_type,
        }
      : {
          request_body: delivery.request_body,
          request_body_encoding: 'utf8',
          request_content_type: delivery.request_content_type,
        };
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
    ...body,
    expires_at: now + delivery.expires_in_ms,
  };
}
