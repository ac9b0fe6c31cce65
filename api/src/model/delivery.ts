import { type Destination, heldReason } from './configuration.ts';
import type { BodyEncoding, Event } from './event.ts';

export const DELIVERY_STATES = ['pending', 'delivering', 'held', 'delivered', 'dead', 'expired', 'cancelled'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** States that retention may delete: nothing more will happen by itself. */
export const FINAL_STATES = ['delivered', 'dead', 'expired', 'cancelled'] as const satisfies DeliveryState[];

/** A delivery as planned at accept or replay, before the store has seen it. */
export interface PlannedDelivery {
  id: string;
  mapping: string;
  destination: string;
  /** `held` when its destination is disabled or paused. */
  state: 'pending' | 'held';
  /** The body is the event's own; nothing is copied. */
  passthrough: boolean;
  /** The rendered body; empty when `passthrough`. */
  request_body: string;
  request_content_type: string;
  /** Results of the expressions in the destination's URL and headers, by their text; absent or null: there are none (ADR 0033). */
  request_values?: Record<string, string> | null;
  expires_in_ms: number;
}

/** What a delivery sends: the event's own body, or bytes of its own. */
export type DeliveryContent = { passthrough: true } | { passthrough: false; body: string; content_type: string };

/** A delivery of this content; held if its destination takes none now. */
export function newDelivery(
  { id, mapping, expires_in_ms }: Pick<PlannedDelivery, 'id' | 'mapping' | 'expires_in_ms'>,
  destination: Destination,
  content: DeliveryContent,
  request_values?: PlannedDelivery['request_values'],
): PlannedDelivery {
  return {
    id,
    mapping,
    destination: destination.id,
    state: heldReason(destination) === undefined ? 'pending' : 'held',
    passthrough: content.passthrough,
    request_body: content.passthrough ? '' : content.body,
    request_content_type: content.passthrough ? '' : content.content_type,
    ...(request_values && { request_values }),
    expires_in_ms,
  };
}

/** The body of a request, as an attempt sends it and as the API shows it. */
export interface OutgoingBody {
  request_body: string;
  request_body_encoding: BodyEncoding;
  request_content_type: string;
}

/** The rendered body of a delivery, or its event's own, which is kept once. */
export function bodyToSend(
  delivery: Pick<PlannedDelivery, 'passthrough' | 'request_body' | 'request_content_type'>,
  event: Pick<Event, 'body' | 'body_encoding' | 'content_type'>,
): OutgoingBody {
  const { request_body, request_content_type } = delivery;
  if (!delivery.passthrough) return { request_body, request_body_encoding: 'utf8', request_content_type };
  const { body, body_encoding, content_type } = event;
  return { request_body: body, request_body_encoding: body_encoding, request_content_type: content_type };
}

/** The event's part that an outgoing request and a chat body need. */
export interface EventReference {
  id: string;
  source: string;
  type: string;
  correlation_id: string;
  traceparent: string;
  hops: number;
}

/** A delivery that this process holds the lease of: all that an attempt needs besides its destination. */
export interface LeasedDelivery extends OutgoingBody {
  id: string;
  request_values?: PlannedDelivery['request_values'];
  account: string;
  event: EventReference;
  mapping: string;
  destination: string;
  /** Fences: what is settled under an older token changes nothing. */
  lease_token: number;
  /** Attempts so far, this one not counted. */
  attempts_made: number;
  /** Tries of the schedule used so far; the first 20 throttled attempts use none. */
  tries_used: number;
  /** Milliseconds since the epoch: by PocketBase's clock if claimed, by this process's if it was only just accepted. */
  expires_at: number;
}

/** One HTTP try, as recorded. */
export interface Attempt {
  id: string;
  number: number;
  started_at: string;
  duration_ms: number;
  /** HTTP status; 0 when there was no answer. */
  status: number;
  outcome: OutcomeKind;
  /** What went wrong, in a sentence; after a success what was odd about the answer, mostly nothing. */
  error: string;
  response_headers: Record<string, string>;
  /** First 8 KiB. */
  response_body: string;
}

/** What one attempt came to. Nothing is thrown for any of these. */
export type Outcome =
  /** `note`: what was odd about the answer, in a sentence. */
  | { kind: 'success'; note?: string }
  /** Network failure, timeout, or a status that may pass: try again by the schedule. */
  | { kind: 'retry'; error: string }
  /** The destination asks to slow down: waits, and uses up no try the first 20 times. */
  | { kind: 'throttled'; error: string; retry_after_ms: number | undefined }
  /** Trying again can't help (a chat destination's 400, 401, 403, 404). */
  | { kind: 'permanent'; error: string }
  /** 410: the destination wants no more; it gets disabled. */
  | { kind: 'gone'; error: string }
  /** The SSRF guard refused the address. */
  | { kind: 'blocked'; error: string }
  /** Its time ran out before the attempt began; nothing was sent. */
  | { kind: 'expired'; error: string }
  /** Its event was passed on as often as an event may be; nothing was sent. */
  | { kind: 'loop'; error: string };

export type OutcomeKind = Outcome['kind'];
