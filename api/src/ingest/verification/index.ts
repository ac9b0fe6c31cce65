import type { VerificationScheme } from '../../model/configuration.ts';
import { basic, bearer } from './authorization.ts';
import { discord } from './discord.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { hmac } from './hmac.ts';
import { none } from './none.ts';
import {
  type Handshake,
  refused,
  type Scheme,
  type SchemeDefaults,
  type SignedRequest,
  type Verification,
  type VerifiedSource,
} from './scheme.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { twilio } from './twilio.ts';

export type {
  Handshake,
  SchemeDefaults,
  SignedRequest,
  Verification,
  VerifiedSource,
} from './scheme.ts';

const SCHEMES: Record<VerificationScheme, Scheme> = {
  none,
  github,
  gitlab,
  stripe,
  slack,
  shopify,
  twilio,
  discord,
  'standard-webhooks': standardWebhooks,
  hmac,
  basic,
  bearer,
};

/** Verifies that the request comes from the source's producer. `now` in milliseconds since the epoch. */
export function verify(source: VerifiedSource, request: SignedRequest, now: number): Verification {
  const scheme = SCHEMES[source.verification];
  if (!scheme.secret) return scheme.verify(source, request, now);
  // Anybody could sign with an empty key.
  const secrets = source.secrets.filter((secret) => secret !== '');
  if (secrets.length === 0) {
    return refused(
      'secret_missing',
      `The source asks for ${source.verification} verification and has no secret. Set one in the source's settings, and the same at the producer.`,
    );
  }
  return scheme.verify({ ...source, secrets }, request, now);
}

/** The scheme's default expressions, used where the source's own are empty. */
export function schemeDefaults(scheme: VerificationScheme): SchemeDefaults {
  return SCHEMES[scheme].defaults;
}

/** The answer to a verified request that is a vendor's handshake (URL verification or ping) and no event. */
export function handshake(scheme: VerificationScheme, body: unknown): Handshake | undefined {
  return SCHEMES[scheme].handshake?.(body);
}

/** Headers that carry credentials whatever the scheme. Others are recognised by their names. */
const COMMON_CREDENTIAL_HEADERS = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key'];

/** Lower-case names of the headers always stored as `[redacted]`: common ones and those that the scheme uses. */
export function credentialHeaders(source: VerifiedSource): ReadonlySet<string> {
  return new Set([...COMMON_CREDENTIAL_HEADERS, ...SCHEMES[source.verification].credentialHeaders(source)]);
}

/** Whether a header value looks like a token whatever its name: a bearer or basic credential, or a JWT. */
export function looksLikeCredential(value: string): boolean {
  return /^\s*(?:bearer|basic|token)\s+\S|^\s*eyJ[\w-]+\.[\w-]+\.[\w-]*\s*$/i.test(value);
}
