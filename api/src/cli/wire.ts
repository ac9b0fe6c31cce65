import type { Attempt, DeliveryState } from '../model/delivery.ts';
import type { BodyEncoding, StoredEvent } from '../model/event.ts';
import type { AcceptedDecision } from '../model/explanation.ts';

/** The parts of api/contract that the command line reads. */

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

export type EventSummary = Omit<StoredEvent, 'body' | 'body_encoding' | 'headers'>;

export interface DeliverySummary {
  id: string;
  event: string;
  mapping: string;
  destination: string;
  state: DeliveryState;
  attempts_made: number;
  /** RFC 3339; null when nothing is planned. */
  next_attempt_at: string | null;
  expires_at: string;
  /** 0 when there was no answer. */
  last_status: number;
  last_error: string;
  /** Empty for a first delivery. */
  replay: '' | 'original' | 'current';
  request_content_type: string;
  created: string;
}

export type EventDetails = StoredEvent & {
  decisions: AcceptedDecision[];
  deliveries: DeliverySummary[];
  /** Null: those are all. */
  deliveries_next_cursor: string | null;
};

export type DeliveryDetails = DeliverySummary & {
  request_body: string;
  request_body_encoding: BodyEncoding;
  attempts: Attempt[];
};
