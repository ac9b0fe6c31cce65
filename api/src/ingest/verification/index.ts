import { LRUCache } from 'lru-cache';
import type { VerificationScheme } from '../../model/configuration.ts';
import { basic, bearer } from './authorization.ts';
import { awsSns } from './aws-sns.ts';
import { discord } from './discord.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { hmac } from './hmac.ts';
import { jwt } from './jwt.ts';
import { none } from './none.ts';
import { publicKey } from './public-key.ts';
import {
  type Get,
  refused,
  type Scheme,
  type SignedRequest,
  type Verification,
  type VerifiedSource,
} from './scheme.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { token } from './token.ts';
import { twilio } from './twilio.ts';

export type {
  Get,
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
  'public-key': publicKey,
  jwt,
  token,
  basic,
  bearer,
  'aws-sns': awsSns,
};

/** Verifies that the request comes from the source's producer. `now` in milliseconds since the epoch. */
export type Verify = (
  source: VerifiedSource,
  request: SignedRequest,
  now: number,
) => Verification | Promise<Verification>;

/** @param get fetches the keys of producers that publish them */
export function createVerify(get: Get): Verify {
  const getKey = remembering(get);
  return (source, request, now) => {
    const { verifyByFetchedKey } = SCHEMES[source.verification];
    if (!verifyByFetchedKey) return verify(source, request, now);
    const usable = withoutEmptySecrets(source);
    return usable ? verifyByFetchedKey(usable, request, getKey) : secretMissing(source);
  };
}

/** A certificate is used for about a year; one of a day ago is asked for again. */
const KEYS_FOR_MS = 24 * 60 * 60_000;
const KEYS_AT_MOST = 50;

function remembering(get: Get): Get {
  const known = new LRUCache<string, Awaited<ReturnType<Get>>>({ max: KEYS_AT_MOST, ttl: KEYS_FOR_MS });
  return async (url) => {
    const before = known.get(url);
    if (before) return before;
    const got = await get(url);
    if ('status' in got && got.status === 200) known.set(url, got);
    return got;
  };
}

/** The same for schemes that need no other server; those that do refuse. */
export function verify(source: VerifiedSource, request: SignedRequest, now: number): Verification {
  const scheme = SCHEMES[source.verification];
  if (!scheme.secret) return scheme.verify(source, request, now);
  const usable = withoutEmptySecrets(source);
  return usable ? scheme.verify(usable, request, now) : secretMissing(source);
}

/** Anybody could sign with an empty key. Undefined: there is no other. */
function withoutEmptySecrets(source: VerifiedSource): VerifiedSource | undefined {
  const secrets = source.secrets.filter((secret) => secret !== '');
  return secrets.length > 0 ? { ...source, secrets } : undefined;
}

function secretMissing({ verification, verification_options }: VerifiedSource): Verification {
  if (verification_options?.secret_from) {
    return refused(
      'secret_missing',
      "The source waits for the handshake that brings its secret, and takes no event before. Have the producer make its webhook, or set the secret in the source's settings.",
    );
  }
  return refused(
    'secret_missing',
    `The source asks for ${verification} verification and has no secret. Set one in the source's settings, and the same at the producer.`,
  );
}

/** Headers that carry credentials whatever the scheme. Others are recognised by their names. */
const COMMON_CREDENTIAL_HEADERS = ['authorization', 'proxy-authorization', 'cookie', 'x-api-key'];

/** Lower-case names of the headers always stored as `[redacted]`: common ones and those that the scheme uses. */
export function credentialHeaders(source: VerifiedSource): ReadonlySet<string> {
  return new Set([...COMMON_CREDENTIAL_HEADERS, ...SCHEMES[source.verification].credentialHeaders(source)]);
}

/** The same of query parameters. */
export function credentialParameters(source: VerifiedSource): ReadonlySet<string> {
  return new Set(SCHEMES[source.verification].credentialParameters?.(source));
}

/** Whether a header value looks like a token whatever its name: a bearer or basic credential, or a JWT. */
export function looksLikeCredential(value: string): boolean {
  return /^\s*(?:bearer|basic|token)\s+\S|^\s*eyJ[\w-]+\.[\w-]+\.[\w-]*\s*$/i.test(value);
}
