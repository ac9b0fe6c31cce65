import type { RecordTypes } from '../kinds/index.ts';
import type { DestinationHealth } from '../model/configuration.ts';
import type { Attempt, DeliveryState, OutgoingBody } from '../model/delivery.ts';
import type { Rejection, StoredEvent } from '../model/event.ts';
import type { Write, WriteOrigin } from './write.ts';

/** The ports of the management API: configuration records, history, and who is asking. */

/** Whose records a call may touch; undefined: every account's (an operator). */
export type AccountScope = string | undefined;

export interface Page<T> {
  data: T[];
  /** Opaque; null on the last page. */
  next_cursor: string | null;
}

export interface PageRequest {
  limit: number;
  cursor?: string;
}

export type { RecordTypes } from '../kinds/index.ts';

export type Stored<T> = T & { created: string; updated: string };

export interface Account {
  id: string;
  name: string;
  updated: string;
}

/**
 * Configuration records. Secrets that come back are masked. Methods reject with Problem `not_found`, `validation_failed`
 * (errors by field), `conflict`, `stale_version` (`Write.if_match`), `idempotency_key_reused` or `store_unavailable`.
 */
export interface Records {
  list<K extends keyof RecordTypes>(
    kind: K,
    scope: AccountScope,
    /** Times are those of creation. */
    page: PageRequest & TimeFilter,
    /** Only those whose fields are as here. */
    only?: Partial<RecordTypes[K]>,
  ): Promise<Page<Stored<RecordTypes[K]>>>;
  get<K extends keyof RecordTypes>(kind: K, id: string, scope: AccountScope): Promise<Stored<RecordTypes[K]>>;
  create<K extends keyof RecordTypes>(
    kind: K,
    fields: Partial<RecordTypes[K]>,
    scope: AccountScope,
    write: Write,
  ): Promise<Stored<RecordTypes[K]>>;
  update<K extends keyof RecordTypes>(
    kind: K,
    id: string,
    fields: Partial<RecordTypes[K]>,
    scope: AccountScope,
    write: Write,
  ): Promise<Stored<RecordTypes[K]>>;
  remove(kind: keyof RecordTypes, id: string, scope: AccountScope, write: Write): Promise<void>;
  listAccounts(scope: AccountScope, page: PageRequest): Promise<Page<Account>>;
}

/**
 * Shows the secret that a handshake brought to a source: the first who asks gets it; `shown`: there is none any more. Whose
 * source it is was looked at before. Rejects with Problem `store_unavailable`, `conflict` (no key opens it) or `idempotency_key_reused`.
 */
export type RevealSecret = (
  source: string,
  write: Write,
) => Promise<{ status: 'revealed'; secret: string } | { status: 'shown' } | { status: 'unknown' }>;

/** Inclusive from, exclusive to; RFC 3339. */
export interface TimeFilter {
  from?: string;
  to?: string;
}

/** By `destination` and `state`: what has such a delivery, in the order of the newest of those. */
export interface EventFilter extends TimeFilter {
  source?: string;
  trigger?: string;
  type?: string;
  correlation_id?: string;
  destination?: string;
  state?: DeliveryState;
  /** Only what was accepted after this position, oldest first: for live tails; not by words, destination or state. */
  after_seq?: number;
  /** Only events with all of these words; those of the last moment may be missing. */
  q?: string;
}

export interface DeliveryFilter extends TimeFilter {
  /** Then not by what its event has. */
  event?: string;
  /** Of its event, as the words of `q` are. */
  source?: string;
  type?: string;
  correlation_id?: string;
  q?: string;
  destination?: string;
  mapping?: string;
  state?: DeliveryState;
  /** The replay of many events that made it. */
  replay_id?: string;
}

/** A list row: everything but the body. */
export type EventSummary = Omit<StoredEvent, 'body' | 'body_encoding' | 'headers'>;

export interface StoredDelivery {
  id: string;
  account: string;
  event: string;
  mapping: string;
  destination: string;
  state: DeliveryState;
  seq: number;
  attempts_made: number;
  /** Null: no attempt is planned. */
  next_attempt_at: string | null;
  expires_at: string;
  last_status: number;
  last_error: string;
  /** Empty for a first delivery. */
  replay: '' | 'original' | 'current';
  /** The replay of many events that made it; empty: none did. */
  replay_id: string;
  passthrough: boolean;
  request_body: string;
  request_content_type: string;
  created: string;
  updated: string;
}

/** A list row: everything but the body. */
export type DeliverySummary = Omit<StoredDelivery, 'request_body'>;

/** With the body as it is sent, and every attempt, oldest first. */
export type DeliveryDetails = StoredDelivery & OutgoingBody & { attempts: Attempt[] };

/**
 * What happened: newest first, by `seq`. A page may be shorter than asked for, and empty, although there is more: where what was asked
 * for is rare. Rejects with Problem `not_found` or `store_unavailable`.
 */
export interface History {
  listEvents(filter: EventFilter, scope: AccountScope, page: PageRequest): Promise<Page<EventSummary>>;
  getEvent(id: string, scope: AccountScope): Promise<StoredEvent>;
  /** The deliveries of one event, oldest first. */
  listDeliveries(filter: DeliveryFilter, scope: AccountScope, page: PageRequest): Promise<Page<DeliverySummary>>;
  getDeliverySummary(id: string, scope: AccountScope): Promise<DeliverySummary>;
  getDelivery(id: string, scope: AccountScope): Promise<DeliveryDetails>;
}

export interface RejectionFilter extends TimeFilter {
  source?: string;
}

export type StoredRejection = Rejection & { id: string };

/** Newest first; the store keeps the newest 100 of each source. Rejects with Problem `validation_failed` (cursor) or `store_unavailable`. */
export type ListRejections = (
  filter: RejectionFilter,
  scope: AccountScope,
  page: PageRequest,
) => Promise<Page<StoredRejection>>;

/**
 * The circuit breakers of destinations, up to 200 (a page) at once; that of one without failures is closed. Rejects with
 * Problem `store_unavailable`.
 */
export type ReadHealth = (destinations: readonly string[]) => Promise<(destination: string) => DestinationHealth>;

/** Somebody who logged in. */
export type Person =
  | { kind: 'operator'; id: string; email: string }
  | { kind: 'user'; id: string; email: string; account: string; role: 'admin' | 'viewer' };

/** Who is asking: a person, or a program with an API key. */
export type Actor =
  | Person
  | (KeyActor & { role: 'operator' })
  | (KeyActor & { role: 'admin' | 'viewer'; account: string });

/** Ends with the person who made it, or the key with which it was made; an empty `made_by` is of before that was kept. */
interface KeyActor {
  kind: 'key';
  name: string;
  prefix: string;
  made_by: string;
}

export interface Credentials {
  email: string;
  password: string;
}

/** Logins of programs, by tokens that they keep; and API keys. Rejects with Problem `store_unavailable` or `too_many_requests`. */
export interface Sessions {
  /** Undefined: e-mail or password is wrong. Superusers and users alike. */
  open(credentials: Credentials, origin: WriteOrigin): Promise<{ token: string; actor: Person } | undefined>;
  /** Undefined: the token or key is unknown, was ended or has run out. Answers are remembered for a short while. */
  identify(token: string): Promise<Actor | undefined>;
  /** Asks anew from now on: somebody's token or key may have ended. */
  forget(): void;
}

/** A login of a browser, which keeps its token as a cookie. */
export interface BrowserSession {
  token: string;
  actor: Person;
  /** RFC 3339. Requests put it off. */
  expires_at: string;
}

/** Logins of browsers, the same for every API process. Rejects as `Sessions` does. */
export interface BrowserSessions {
  /**
   * Undefined: e-mail or password is wrong.
   * @param replaces the token that the browser had before; its session ends with the login
   */
  open(
    credentials: Credentials,
    origin: WriteOrigin,
    replaces: string | undefined,
  ): Promise<Omit<BrowserSession, 'expires_at'> | undefined>;
  /** Undefined: there is no such session, or it has ended. Asks the store each time, so that the end of one counts at once. */
  identify(token: string): Promise<BrowserSession | undefined>;
  end(token: string, write: Write): Promise<void>;
}

/** Remembers that the starter configuration was made, whatever has become of it since. Rejects with Problem `store_unavailable`. */
export interface StarterMark {
  isSet(): Promise<boolean>;
  set(): Promise<void>;
}
