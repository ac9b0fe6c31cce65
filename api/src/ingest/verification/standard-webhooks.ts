import { standardWebhooksDigest, standardWebhooksKey } from '../../model/standard-webhooks.ts';
import { sameBytes } from './compare.ts';
import { GENERIC_DEFAULTS } from './defaults.ts';
import { refused, type Scheme, TIMESTAMP_TOLERANCE_MS, VERIFIED, type Verification } from './scheme.ts';

const HEADERS = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, symmetric signatures. */
export const standardWebhooks: Scheme = {
  secret: true,
  verify(source, request, now) {
    const missing = HEADERS.filter((name) => !request.headers[name]);
    if (missing.length > 0) {
      return refused(
        'signature_missing',
        `There is no ${missing.join(' and no ')} header. The producer must sign by Standard Webhooks with the source's secret.`,
      );
    }
    const [id, timestamp, signatures] = HEADERS.map((name) => request.headers[name] ?? '') as [string, string, string];
    const late = checkTimestamp(timestamp, now);
    if (late) return late;
    const given = readSignatures(signatures);
    const matches = source.secrets.some((secret) => {
      // Not base64 at all: anybody could sign with the empty key that it stands for.
      if (standardWebhooksKey(secret).length === 0) return false;
      const expected = standardWebhooksDigest(secret, id, timestamp, request.rawBody);
      return given.some((signature) => sameBytes(expected, signature));
    });
    if (matches) return VERIFIED;
    return refused(
      'signature_mismatch',
      'No v1 signature in webhook-signature fits the request. The producer and the source must have the same secret, and the body must not be changed on its way.',
    );
  },
  defaults: { ...GENERIC_DEFAULTS, dedupe_key: 'headers[?"webhook-id"].orValue("")' },
  credentialHeaders: () => ['webhook-signature'],
};

/** The header is a list, parted by spaces, so that producers can rotate their secret; other versions are passed over. */
function readSignatures(header: string): Buffer[] {
  return header
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice('v1,'.length), 'base64'));
}

function checkTimestamp(timestamp: string, now: number): Verification | undefined {
  if (!/^\d{1,12}$/.test(timestamp)) {
    return refused('timestamp_invalid', 'webhook-timestamp must be the seconds since 1970, in digits.');
  }
  const ahead = Number(timestamp) * 1000 - now;
  if (Math.abs(ahead) <= TIMESTAMP_TOLERANCE_MS) return undefined;
  const seconds = Math.round(Math.abs(ahead) / 1000);
  return refused(
    'timestamp_out_of_tolerance',
    `webhook-timestamp is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} this server's clock; up to ${TIMESTAMP_TOLERANCE_MS / 1000} s are accepted. Check both clocks; sign again when a request is repeated.`,
  );
}
