import type { SourceAnswer, VerificationOptions, VerificationScheme } from '../model/configuration.ts';

/** How vendors check an endpoint before they use it; api/src/ingest/handshakes has the answers. */
export type HandshakeName =
  | 'hub-challenge'
  | 'hub-challenge-json'
  | 'query-challenge'
  | 'crc'
  | 'okta'
  | 'probe'
  | 'cloudevents'
  | 'validation-token'
  | 'validation-header'
  | 'body-challenge'
  | 'woocommerce-ping'
  | 'smartsheet'
  | 'slack'
  | 'discord'
  | 'zoom'
  | 'twitch'
  | 'event-grid'
  | 'empty-events'
  | 'sns-subscription'
  | 'secret';

/**
 * What is known about a vendor's webhooks: what a source is made with (verification), and what applies where the source's
 * own fields are empty (the rest). Data only.
 */
export interface Preset {
  /** The vendor's name for itself. */
  title: string;
  /** The vendor's page about its webhooks. */
  docs: string;
  verification: VerificationScheme;
  verification_options?: VerificationOptions;
  /** What the source's secret is, as a phrase: "the app's Signing Secret". Empty: it needs none. */
  secret: string;
  /** Who makes it. `us`: any text will do, so one can be made here and entered at the vendor. `handshake`: the vendor's brings it. */
  secret_by: 'us' | 'vendor' | 'nobody' | 'handshake';
  /** Expressions as a source has them; absent: the generic ones. They fail for no payload; at worst their value is missing. */
  event_type?: string;
  dedupe_key?: string;
  /** For vendors whose requests hold several events: the list of them. What is above and below is about one of them then. */
  split?: string;
  extract?: Record<string, string>;
  handshake?: HandshakeName;
  /** What the vendor expects in return for an event; absent: the usual answer. */
  answer?: SourceAnswer;
}
