import type { DeliveryState, PlannedDelivery } from '../model/delivery.ts';
import type { EventContent } from '../model/event.ts';
import type { AccountScope, Page, PageRequest, StoredDelivery, TimeFilter } from './records.ts';
import type { Write } from './write.ts';

export type ReplayState = 'pending' | 'running' | 'paused' | 'completed' | 'cancelled' | 'failed';

/** In which states a replay can be commanded so. */
export const REPLAY_COMMANDS = {
  cancel: ['pending', 'running', 'paused'],
  pause: ['pending', 'running'],
  resume: ['paused'],
} as const satisfies Record<string, readonly ReplayState[]>;
export type ReplayCommand = keyof typeof REPLAY_COMMANDS;

/** Which events a replay looks at, and what of them it sends. Empty texts: any. */
export interface ReplayFilter {
  /** Whose events; empty: every account's. */
  account: string;
  source: string;
  /** RFC 3339; inclusive from, exclusive to. */
  from: string;
  to: string;
  destination: string;
  /** Only what has a delivery in this state. */
  status: DeliveryState | '';
  /** Only event × destination pairs whose delivery is neither delivered nor still under way. */
  only_missing: boolean;
}

/** Where the events of a filter lie, as of now: behind position `after`, up to `until`. */
export interface ReplayRange {
  events: number;
  after: number;
  until: number;
}

/** A replay of many events, as asked for. */
export interface NewReplay extends ReplayFilter, Write {
  id: string;
  mode: 'original' | 'current';
  /** Deliveries per second. */
  rate: number;
  events_total: number;
  after: number;
  until: number;
}

export interface ReplayCounts {
  /** Events looked at, of `events_total`. */
  events_seen: number;
  /** Deliveries made. */
  deliveries: number;
  /** Events, or mappings of them, of which no delivery could be made. */
  failed: number;
}

/** A replay that this process works on. */
export interface LeasedReplay extends NewReplay, ReplayCounts {
  created: string;
  /** Fences: progress under an older token changes nothing. */
  lease_token: number;
}

/** A replay as it is shown. */
export interface StoredReplay extends ReplayCounts, Omit<NewReplay, 'after' | 'until' | Exclude<keyof Write, 'actor'>> {
  state: ReplayState;
  error: string;
  finished_at: string | null;
  created: string;
  updated: string;
}

export type PastDelivery = Pick<StoredDelivery, 'id' | 'mapping' | 'destination' | 'state' | 'replay'>;

/** An event that a replay looks at, with everything that was ever to be delivered of it. */
export interface PastEvent {
  id: string;
  seq: number;
  deliveries: PastDelivery[];
}

export interface PastPage {
  /** Oldest first. */
  events: PastEvent[];
  /** `seq` up to which there is nothing more. */
  position: number;
  done: boolean;
}

/** An event of which a replay needs the content, with those of its deliveries whose bytes it needs. */
export interface WantedEvent {
  id: string;
  deliveries: string[];
}

/** What a delivery sends; with `passthrough` the event's body. */
export type DeliveryBody = Pick<
  StoredDelivery,
  'mapping' | 'destination' | 'passthrough' | 'request_body' | 'request_content_type'
> &
  Pick<PlannedDelivery, 'request_values'>;

export type PastContent =
  /** With `original`, the event's body is empty if none of the deliveries passes it on. */
  | { status: 'read'; event: EventContent; deliveries: DeliveryBody[] }
  /** The event or one of the deliveries: deleted, or another account's. */
  | { status: 'gone' }
  /** The bodies of the deliveries are more than 32 MiB together. */
  | { status: 'too_large' };

/** Entries come in the order asked for; bodies of `max_length` bytes together end the answer, after one entry at least. */
export interface ReadPast {
  account: string;
  mode: 'original' | 'current';
  events: WantedEvent[];
  max_length: number;
}

export interface ReplayProgress extends ReplayCounts {
  id: string;
  lease_token: number;
  /** Renews the lease; 0 gives it back. */
  lease_ms: number;
  /** `seq` of the last event that was dealt with. */
  position: number;
  completed: boolean;
}

/** The port of replays of many events. Rejects with Problem `store_unavailable` or `not_found`; repeating a call is safe. */
export interface Replays {
  range(filter: ReplayFilter): Promise<ReplayRange>;
  page(filter: ReplayFilter, part: { after: number; until: number; limit: number }): Promise<PastPage>;
  /** What is to be sent of up to 500 events, in as few calls as their bodies allow. */
  read(request: ReadPast): Promise<PastContent[]>;
  /** Resolves to its id: another than asked for if an earlier request with the same key made it. */
  create(replay: NewReplay): Promise<string>;
  /** Leases the oldest one that nobody works on. */
  claim(leaseMs: number): Promise<LeasedReplay | undefined>;
  /** `stale`: it was cancelled or paused, or another process works on it; nothing changed. */
  save(progress: ReplayProgress): Promise<'saved' | 'stale'>;
  /** `refused`: its state does not allow it (REPLAY_COMMANDS). */
  command(id: string, command: ReplayCommand, write: Write): Promise<'done' | 'refused'>;
  /** Newest first. */
  list(during: TimeFilter, scope: AccountScope, page: PageRequest): Promise<Page<StoredReplay>>;
  get(id: string, scope: AccountScope): Promise<StoredReplay>;
}
