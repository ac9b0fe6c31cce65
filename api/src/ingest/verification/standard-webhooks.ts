import { standardWebhooksDigest, standardWebhooksKey } from '../../model/standard-webhooks.ts';
import { ed25519Matches, sameBytes } from './compare.ts';
import { refused, type Scheme, type SignedRequest, VERIFIED } from './scheme.ts';
import { checkTimestamp } from './timestamp.ts';

const PARTS = ['id', 'timestamp', 'signature'] as const;
const PUBLIC_KEY_PREFIX = 'whpk_';

/**
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md: symmetric signatures
 * (`v1`, a secret `whsec_…`) and asymmetric ones (`v1a`, ed25519, the producer's public key `whpk_…`).
 */
export const standardWebhooks: Scheme = {
  secret: true,
  verify(source, request, now) {
    const prefix = prefixOf(request);
    const [id = '', timestamp = '', header = ''] = PARTS.map((part) => request.headers[prefix + part]);
    const missing = PARTS.map((part) => prefix + part).filter((name) => !request.headers[name]);
    if (missing.length > 0) {
      return refused(
        'signature_missing',
        `There is no ${missing.join(' and no ')} header. The producer must sign by Standard Webhooks with the source's secret.`,
      );
    }
    const late = checkTimestamp(`${prefix}timestamp`, timestamp, now);
    if (late) return late;
    const matches = source.secrets.some((secret) =>
      // A public key is no secret: it must never serve as the key of an HMAC.
      secret.startsWith(PUBLIC_KEY_PREFIX)
        ? asymmetricMatches(secret, header, id, timestamp, request.rawBody)
        : symmetricMatches(secret, header, id, timestamp, request.rawBody),
    );
    if (matches) return VERIFIED;
    return refused(
      'signature_mismatch',
      `No v1 or v1a signature in ${prefix}signature fits the request. The source must have the producer's secret (whsec_…) or public key (whpk_…), and the body must not be changed on its way.`,
    );
  },
  credentialHeaders: () => PREFIXES.map((prefix) => `${prefix}signature`),
};

/** Svix, where the scheme comes from, and vendors that it signs for use its name. */
const PREFIXES = ['webhook-', 'svix-'];

/** All three headers of one name: the signature of one never counts with the id of the other. */
function prefixOf({ headers }: SignedRequest): string {
  const [standard = '', svix = ''] = PREFIXES;
  return headers[`${standard}signature`] === undefined && headers[`${svix}signature`] !== undefined ? svix : standard;
}

function symmetricMatches(secret: string, header: string, id: string, timestamp: string, body: Buffer): boolean {
  // Invalid base64 may decode to an empty key, with which anybody could sign.
  if (standardWebhooksKey(secret).length === 0) return false;
  const expected = standardWebhooksDigest(secret, id, timestamp, body);
  return readSignatures(header, 'v1').some((signature) => sameBytes(expected, signature));
}

function asymmetricMatches(secret: string, header: string, id: string, timestamp: string, body: Buffer): boolean {
  const publicKey = Buffer.from(secret.slice(PUBLIC_KEY_PREFIX.length), 'base64');
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  return readSignatures(header, 'v1a').some((signature) => ed25519Matches(publicKey, signature, content));
}

/** The header lists signatures, separated by spaces, so that producers can rotate secrets; other versions are ignored. */
function readSignatures(header: string, version: string): Buffer[] {
  return header
    .split(' ')
    .filter((signature) => signature.startsWith(`${version},`))
    .map((signature) => Buffer.from(signature.slice(version.length + 1), 'base64'));
}
