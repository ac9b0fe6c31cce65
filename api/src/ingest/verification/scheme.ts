import type { Source } from '../../model/configuration.ts';
import type { VerificationFailure } from '../../model/event.ts';

/** What a verifier needs of a request. */
export interface SignedRequest {
  method: string;
  /** Path and query as requested. */
  url: string;
  /** By lower-case name; a repeated field is joined as Node's `IncomingMessage.headers` does. */
  headers: Readonly<Record<string, string | undefined>>;
  /** Where the producer sent it, as far as is known here: forwarded headers count only behind a trusted proxy. */
  publicUrl: string;
  /** The bytes as signed: before any parsing. */
  rawBody: Buffer;
}

/** What a verifier needs of a source. */
export type VerifiedSource = Pick<Source, 'verification' | 'verification_options' | 'secrets'>;

/** `detail` says what was missing or wrong and what to do; it never holds a secret or a signature. */
export type Verification = { verified: true } | { verified: false; code: VerificationFailure; detail: string };

/** How one kind of producer proves itself, and what its events look like unless the source says otherwise. */
export interface Scheme {
  /** The source's secrets are not empty, and there is at least one where `secret` is true. */
  verify(source: VerifiedSource, request: SignedRequest, now: number): Verification;
  /** Whether the scheme needs a secret. */
  secret: boolean;
  defaults: SchemeDefaults;
  /** How to answer a verified request that only asks whether somebody is here; undefined: it is an event. */
  handshake?(body: unknown): Handshake | undefined;
  /** Lower-case names of the headers that carry its credentials; they are stored redacted. */
  credentialHeaders(source: VerifiedSource): string[];
}

/** What the vendor wants to hear; a 204 has no body. */
export interface Handshake {
  status: 200 | 204;
  body: Record<string, unknown>;
}

/** Expressions that apply where the source's own are empty; for no payload at all do they fail, only find nothing. */
export interface SchemeDefaults {
  event_type: string;
  dedupe_key: string;
  extract: Record<string, string>;
}

export const VERIFIED: Verification = { verified: true };

export function refused(code: VerificationFailure, detail: string): Verification {
  return { verified: false, code, detail };
}
