/** Header fields in the order and the spelling in which they arrived. */
export type HeaderList = [name: string, value: string][];

export type BodyEncoding = 'utf8' | 'base64';

/** Why an event did or did not go to a destination: one for each mapping of its source. */
export type Decision = { mapping: string; destination: string } & (
  | { outcome: 'delivery'; delivery: string }
  | { outcome: 'held'; delivery: string; reason: string }
  | { outcome: 'filtered'; clause: string }
  | { outcome: 'disabled' }
  | { outcome: 'error'; where: string; message: string }
);

/** One accepted payload. Immutable once stored. */
export interface Event {
  id: string;
  account: string;
  /** Empty: a trigger raised it. */
  source: string;
  /** The trigger that raised it; empty: its source took it in. */
  trigger: string;
  type: string;
  correlation_id: string;
  /** W3C trace context of the producer; empty if it sent none. */
  traceparent: string;
  /** How often Pockethook had passed it on when it came in, and more when it became many deliveries (`countFanOut`); up to MAX_HOPS. */
  hops: number;
  /** Empty: never a duplicate. */
  dedupe_key: string;
  method: string;
  /** Query string as received, without the question mark. */
  query: string;
  /** Credential headers are `[redacted]`. */
  headers: HeaderList;
  content_type: string;
  /** The producer's signatures, `[redacted]` in `headers`; absent or null: no destination relays them. Never shown. */
  signature_headers?: HeaderList | null;
  /** Which one it is of a request that was split, from 1; 0: it is the whole request. */
  item: number;
  /** The bytes as received (after Content-Encoding), of an item its JSON: text when they are valid UTF-8, else base64. */
  body: string;
  body_encoding: BodyEncoding;
  extracted: Record<string, unknown>;
  decisions: Decision[];
  /** RFC 3339, UTC, milliseconds: `2026-01-31T12:00:00.000Z`; like all times here. */
  received_at: string;
}

/** Of an event what has to be known to plan it, or to send it again: all that was not found out or decided about it. */
export type EventContent = Omit<Event, 'dedupe_key' | 'extracted' | 'decisions'>;

/** What a stored event has besides: given inside the transaction that accepted it. */
export interface StoredEvent extends Event {
  /** Position in the order of acceptance over all events and deliveries; what cursors use. */
  seq: number;
  /** How many later requests had the same dedupe key. */
  duplicates: number;
}

/** Why a request does not prove where it comes from. */
export type VerificationFailure =
  | 'secret_missing'
  | 'signature_missing'
  | 'signature_mismatch'
  | 'timestamp_invalid'
  | 'timestamp_out_of_tolerance';

/** Why a request was refused; kept in a small ring per source. */
export interface Rejection {
  account: string;
  source: string;
  code: string;
  /** Of the code `invalid_signature`, what about it; empty for the others. */
  verification_failure: VerificationFailure | '';
  detail: string;
  correlation_id: string;
  method: string;
  content_type: string;
  body_bytes: number;
  /** How a body that is no JSON begins, credentials masked; else empty. */
  body_excerpt: string;
  received_at: string;
}
