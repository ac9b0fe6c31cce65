import { standardWebhooksDigest } from '../model/standard-webhooks.ts';

export interface SignatureHeaders {
  'webhook-id': string;
  /** Seconds since the epoch. */
  'webhook-timestamp': string;
  'webhook-signature': string;
}

/**
 * Signs as Standard Webhooks 1.0 says: one signature for each secret, so that receivers can rotate secrets. The id is the
 * delivery's and the same for all its retries; the timestamp is the attempt's.
 */
export function sign(secrets: readonly string[], id: string, now: number, body: Buffer): SignatureHeaders {
  const timestamp = String(Math.floor(now / 1000));
  const signatures = secrets.map(
    (secret) => `v1,${standardWebhooksDigest(secret, id, timestamp, body).toString('base64')}`,
  );
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') };
}
