import { createHmac } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';

/** The HMAC key behind a Standard Webhooks secret: what follows `whsec_`, as base64. */
export function standardWebhooksKey(secret: string): Buffer {
  return Buffer.from(secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret, 'base64');
}

/**
 * HMAC-SHA256 over `id.timestamp.body`, the symmetric scheme `v1` of Standard Webhooks 1.0
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 * `timestamp` is in seconds, as text, because the very characters of the header are signed.
 */
export function standardWebhooksDigest(secret: string, id: string, timestamp: string, body: Buffer): Buffer {
  return createHmac('sha256', standardWebhooksKey(secret)).update(`${id}.${timestamp}.`).update(body).digest();
}
