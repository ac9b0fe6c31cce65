/** The records that operators edit: what they are, as stored and as the API shows them. */

import type { Relay } from './relay.ts';

export const VERIFICATION_SCHEMES = [
  ...(['none', 'github', 'gitlab', 'stripe', 'slack', 'shopify', 'twilio', 'discord'] as const),
  ...(['standard-webhooks', 'hmac', 'public-key', 'jwt', 'token', 'basic', 'bearer', 'aws-sns'] as const),
] as const;
/** How requests to a source prove where they come from. */
export type VerificationScheme = (typeof VERIFICATION_SCHEMES)[number];

/**
 * Options of the schemes `hmac`, `public-key`, `jwt` and `token`, and `url` of `twilio`; the others need none. A place is
 * written `headers.NAME`, `query.NAME` or `body.PATH` (dotted; `*` is each element of a list).
 */
export interface VerificationOptions {
  /** Header that carries the signature or token, any case. */
  header?: string;
  /** Where the signature or token is, if not in a header of its own. */
  place?: string;
  /** Text before the signature or token, such as `sha256=`. */
  prefix?: string;
  /** Name of the signature in a header like `t=1,v1=abc`: `v1`. */
  field?: string;
  /** A hash (hmac), a kind of signature (public-key, jwt). */
  algorithm?: (typeof ALGORITHMS)[number];
  encoding?: 'hex' | 'base64';
  /** How the secret is written; absent: its characters are the key. */
  key?: 'text' | 'base64' | 'hex';
  /** What was signed, such as `{{ timestamp }}.{{ body }}`; absent: the body. */
  signed?: string;
  /** The place of the time of signing, or `field.NAME` in the signature's header. Seconds, milliseconds or RFC 3339. */
  timestamp?: string;
  /** How far that time may be from now, as a duration; absent: 5m. */
  tolerance?: string;
  /** The URL as the producer has it, without its query; absent: as requested. */
  url?: string;
  /** What the token's claims `iss` and `aud` must be; absent: anything. */
  issuer?: string;
  audience?: string;
  /** The claim that has the SHA-256 of the body, in hex; absent: the token does not cover the body. */
  body_hash?: string;
  /** Of hmac: the place where the producer's handshake has the secret; absent: somebody sets it. */
  secret_from?: string;
}

const HASHES = ['sha1', 'sha256', 'sha512'] as const;
const PUBLIC_KEY_ALGORITHMS = ['ed25519', 'ecdsa-sha256', 'rsa-sha256'] as const;
const JWT_ALGORITHMS = ['HS256', 'RS256', 'ES256', 'EdDSA'] as const;
export const ALGORITHMS = [...HASHES, ...PUBLIC_KEY_ALGORITHMS, ...JWT_ALGORITHMS] as const;
export type HashAlgorithm = (typeof HASHES)[number];
export type PublicKeyAlgorithm = (typeof PUBLIC_KEY_ALGORITHMS)[number];
export type JwtAlgorithm = (typeof JWT_ALGORITHMS)[number];

/** What producers of a source that is off are answered: 503 with Retry-After, 404 or 410. */
export const PAUSED_ANSWERS = ['retry', 'not_found', 'gone'] as const;
export type PausedAnswer = (typeof PAUSED_ANSWERS)[number];

/** What becomes of a body that is declared as JSON and is none. */
export const MALFORMED_CHOICES = ['refuse', 'keep'] as const;
export type MalformedChoice = (typeof MALFORMED_CHOICES)[number];

/** What a producer is answered once its event is stored. Refusals are answered as ever. */
export interface SourceAnswer {
  /** 200 to 299; absent: 200 with a body, 204 without. */
  status?: number;
  /** Absent: application/json for JSON, text/plain for a text. */
  content_type?: string;
  /** May hold expressions over the event; absent, or rendered to null: no body. */
  body?: Template;
}

export interface Source {
  id: string;
  account: string;
  /** Slug in the ingest URL, unique over the whole installation. */
  name: string;
  enabled: boolean;
  /** Name of a preset (api/src/presets): what applies where the fields below are empty. Empty: that of its verification. */
  preset: string;
  verification: VerificationScheme;
  verification_options: VerificationOptions | null;
  /** Plain text in memory; encrypted at rest, masked everywhere else. Several while one is rotated out. */
  secrets: string[];
  /** A handshake brought the secret, and an admin may still see it, once. */
  secret_unshown: boolean;
  /** Expression for the event's type; empty: the preset's. */
  event_type: string;
  /** Expression for the key under which a second event is a duplicate; empty: the scheme's default. */
  dedupe_key: string;
  /** Expression for the list of what becomes an event each, of a request that holds several; empty: the preset's, else it is one. */
  split: string;
  /** Name → expression; the results are `data` for filters and templates. */
  extract: Record<string, string> | null;
  /** What its producers are answered for an event; null: the preset's, else 202 and JSON. */
  answer: SourceAnswer | null;
  /** Names of headers and query parameters that are stored as they come although they look like credentials. */
  not_redacted: string[] | null;
  when_paused: PausedAnswer;
  /** `keep`: its text is stored, and every decision about it is `error`. */
  on_malformed: MalformedChoice;
  /** Origins of pages that may post from a browser; `*`: all. */
  cors_origins: string[] | null;
  /** Limit for the body, on the wire and inflated; 0: the default of 5 MiB. */
  max_body_bytes: number;
  /** Events a second that one API process takes; 0: as many as come. */
  rate_limit: number;
}

export const DESTINATION_TYPE_NAMES = ['http', 'discord', 'slack', 'teams', 'telegram', 'ntfy', 'inbox'] as const;
export type DestinationTypeName = (typeof DESTINATION_TYPE_NAMES)[number];

/** What an `http` destination may be asked with. */
export const DELIVERY_METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type DeliveryMethod = (typeof DELIVERY_METHODS)[number];

export interface Destination {
  id: string;
  account: string;
  name: string;
  /** For people. */
  description: string;
  type: DestinationTypeName;
  /** Empty: POST. */
  method: DeliveryMethod | '';
  /** Path and query may hold `{{ expression }}`, where the type is one of TEMPLATED_TYPES. */
  url: string;
  /** Headers added to each request; values are secrets, and may hold `{{ expression }}` as the URL may. */
  headers: Record<string, string> | null;
  /** What of the producer's request goes on; null: nothing. */
  relay: Relay | null;
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
  /** Expression over `response`: whether the receiver took the request; empty: it did with any 2xx. */
  success: string;
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
