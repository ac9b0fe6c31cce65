import type { AccountScope } from './records.ts';

/** A record that somebody may mean by what they typed. */
export interface Found {
  kind: 'source' | 'destination' | 'webhook' | 'mapping' | 'site' | 'goal' | 'trigger' | 'event' | 'delivery';
  id: string;
  account: string;
  /** The type of an event, the state of a delivery. */
  name: string;
  /** Tells it from others of the name: a type, a domain, a correlation id, an event's id. */
  detail: string;
}

/** A few of each kind, within milliseconds: records by name, history by id, correlation id and words. Rejects with Problem `store_unavailable`. */
export type Search = (query: string, scope: AccountScope) => Promise<Found[]>;
