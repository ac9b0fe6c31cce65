import type { Source } from '../../model/configuration.ts';
import type { VerificationFailure } from '../../model/event.ts';

/** What a verifier needs of a request. */
export interface SignedRequest {
  method: string;
  /** Path and query as requested. */
  url: string;
  /** By lower-case name; repeated fields are joined as in Node's `IncomingMessage.headers`. */
  headers: Readonly<Record<string, string | undefined>>;
  /** The URL that the producer called; X-Forwarded headers count only behind a trusted proxy. */
  publicUrl: string;
  /** The exact bytes that were signed, before parsing. */
  rawBody: Buffer;
}

/** What a verifier needs of a source. */
export type VerifiedSource = Pick<Source, 'verification' | 'verification_options' | 'secrets'>;

/** `detail` says what was missing or wrong and what to do; it never holds a secret or a signature. */
export type Verification = { verified: true } | Refusal;

export interface Refusal {
  verified: false;
  code: VerificationFailure;
  detail: string;
}

/** How one kind of producer authenticates its requests. */
export interface Scheme {
  /** No secret is the empty text, and there is at least one where `secret` is true. */
  verify(source: VerifiedSource, request: SignedRequest, now: number): Verification;
  /** Whether the scheme needs a secret. */
  secret: boolean;
  /** Lower-case names of the headers that carry credentials; stored redacted. */
  credentialHeaders(source: VerifiedSource): string[];
  /** The same of query parameters; absent: none. */
  credentialParameters?(source: VerifiedSource): string[];
  /** In place of `verify`, where the key has to be fetched. Rejects with Problem `vendor_unavailable`. */
  verifyByFetchedKey?(source: VerifiedSource, request: SignedRequest, getKey: Get): Promise<Verification>;
}

/** Asks another server, through the guard of deliveries. `body`: the first 8 KiB. Never rejects. */
export type Get = (url: string) => Promise<{ status: number; body: string } | { failure: string }>;

export const VERIFIED: Verification = { verified: true };

export function refused(code: VerificationFailure, detail: string): Refusal {
  return { verified: false, code, detail };
}
