import type { Destination } from '../model/configuration.ts';
import type { PlannedDelivery } from '../model/delivery.ts';
import type { Event } from '../model/event.ts';
import type { ReplayOrigin, TriggerAdvance } from './queue.ts';

/** A delivery that is to be made, with the destination that it was planned for. */
export interface Planned {
  delivery: PlannedDelivery;
  destination: Destination;
}

/**
 * What goes into the queue in one piece: an event that is new, with its first deliveries, or more deliveries of an event
 * that is stored already; or all events of one request.
 */
export type Submission =
  /** `firing`: a trigger raised it, whose state moves on with it. `arrival`: a producer sent it. */
  | { event: Event; planned: Planned[]; firing?: TriggerAdvance; arrival?: Arrival; replay?: undefined }
  | { event: SentEvent; planned: Planned[]; arrival?: undefined; replay: Replayed }
  | { batch: Drafted[]; arrival?: undefined };

/** An event that is new, with its first deliveries. */
export interface Drafted {
  event: Event;
  planned: Planned[];
}

/** The request that an event came with. */
export interface Arrival {
  /** When it began, by `performance.now()`. */
  at: number;
  /** Of its body, decompressed. */
  bytes: number;
}

/** Of an event, what a delivery needs in memory to start without reading it back. */
export type SentEvent = Pick<
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

/** How and on whose behalf a stored event is sent again. */
export type Replayed = Omit<ReplayOrigin, 'event'>;
