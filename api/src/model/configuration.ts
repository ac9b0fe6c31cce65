/** The records that operators edit: what they are, as stored and as the API shows them. */

export const VERIFICATION_SCHEMES = [
  ...(['none', 'github', 'gitlab', 'stripe', 'slack', 'shopify', 'twilio', 'discord'] as const),
  ...(['standard-webhooks', 'hmac', 'basic', 'bearer'] as const),
] as const;
/** How requests to a source prove where they come from. */
export type VerificationScheme = (typeof VERIFICATION_SCHEMES)[number];

/** Options of the `hmac` scheme, and `url` of `twilio`; the others need none. */
export interface VerificationOptions {
  /** Header that carries the signature, any case. */
  header?: string;
  algorithm?: 'sha1' | 'sha256' | 'sha512';
  encoding?: 'hex' | 'base64';
  /** Text before the signature in the header, such as `sha256=`. */
  prefix?: string;
  /** The URL as the producer has it, without its query; absent: as requested. */
  url?: string;
}

export interface Source {
  id: string;
  account: string;
  /** Slug in the ingest URL, unique over the whole installation. */
  name: string;
  enabled: boolean;
  verification: VerificationScheme;
  verification_options: VerificationOptions | null;
  /** Plain text in memory; encrypted at rest, masked everywhere else. Several while one is rotated out. */
  secrets: string[];
  /** Expression for the event's type; empty: the scheme's default. */
  event_type: string;
  /** Expression for the key under which a second event is a duplicate; empty: the scheme's default. */
  dedupe_key: string;
  /** Name → expression; the results are `data` for filters and templates. */
  extract: Record<string, string> | null;
  /** Names of headers and query parameters that are stored as they come although they look like credentials. */
  not_redacted: string[] | null;
  /** Limit for the body, on the wire and inflated; 0: the default of 5 MiB. */
  max_body_bytes: number;
  /** Events a second that one API process takes; 0: as many as come. */
  rate_limit: number;
}

export const DESTINATION_TYPE_NAMES = ['http', 'discord', 'slack', 'teams', 'telegram', 'ntfy', 'inbox'] as const;
export type DestinationTypeName = (typeof DESTINATION_TYPE_NAMES)[number];

export interface Destination {
  id: string;
  account: string;
  name: string;
  /** For people. */
  description: string;
  type: DestinationTypeName;
  url: string;
  /** Static headers added to each request; values are secrets. */
  headers: Record<string, string> | null;
  /** Standard Webhooks secrets (`whsec_…`), the first one current; empty: requests are not signed. */
  secrets: string[];
  /** RFC 3339: until when requests are signed with all of them, then with the first only; empty: with all. */
  secrets_overlap_until: string;
  /** A webhook: members of the account manage it, and it counts among the few that an account may have. */
  notifications: boolean;
  enabled: boolean;
  disabled_reason: string;
  /** Its deliveries are held until it is resumed. */
  paused: boolean;
  /** Deliveries per second, over all processes; 0: no limit. */
  rate_limit: number;
  /** Attempts under way at once, over all processes; 0: the default of 64. */
  max_concurrency: number;
  /** One delivery at a time, in the order of acceptance. */
  ordered: boolean;
  /** Durations between tries, such as `["0s", "5s", "5m"]`; null: RETRY_SCHEDULE. */
  retry_schedule: string[] | null;
  /** Whole attempt, in milliseconds; 0: the default of 15,000. */
  timeout_ms: number;
  /**
   * Why its secrets can't be opened; absent: they are. `url`, `headers` and `secrets` are empty then: events are planned
   * for it, but nothing goes out.
   */
  sealed?: string;
}

/** The circuit breaker of a destination. `half_open`: one delivery is tried to see whether it is well again. */
export interface DestinationHealth {
  state: 'closed' | 'open' | 'half_open';
  /** Failed attempts in a row, of those that might have passed. */
  failures: number;
  /** RFC 3339; null: its last attempt succeeded, or there was none. */
  failing_since: string | null;
  /** When an open breaker lets the next probe through. */
  next_probe_at: string | null;
}

/** Why deliveries to a destination are held; undefined: they go out. */
export function heldReason(
  destination: Pick<Destination, 'enabled' | 'disabled_reason' | 'paused' | 'sealed'>,
): string | undefined {
  if (!destination.enabled) return destination.disabled_reason || 'The destination is disabled.';
  if (destination.paused) return 'The destination is paused.';
  return destination.sealed && `The destination is out of service: ${destination.sealed}`;
}

/** A JSON value or a text whose strings may hold `{{ expression }}`; null: the destination's default body. */
export type Template = unknown;

export interface Mapping {
  id: string;
  account: string;
  name: string;
  source: string;
  destination: string;
  enabled: boolean;
  /** Expression; empty: every event. */
  filter: string;
  template: Template;
  /** Content type of a rendered text; empty: application/json for JSON, text/plain for text. */
  content_type: string;
}

/** A stored record that can't be used as it is. It is out of service; everything else goes on. */
export interface UnreadableRecord {
  /** `source`, `destination`, `mapping`. */
  kind: string;
  id: string;
  name: string;
  enabled: boolean;
  /** A sentence for operators: what is wrong and what to do. No secret, no value of the record. */
  problem: string;
  /** Of a mapping: its ends. */
  source: string;
  destination: string;
}

/** One consistent reading of everything that decides where events go. */
export interface Configuration {
  version: number;
  /** Sealed destinations are in both lists. */
  unreadable: UnreadableRecord[];
  sources: Source[];
  destinations: Destination[];
  mappings: Mapping[];
}

export const DEFAULT_MAX_BODY_BYTES = 5 * 1024 * 1024;
export const DEFAULT_MAX_CONCURRENCY = 64;
export const DEFAULT_TIMEOUT_MS = 15_000;
