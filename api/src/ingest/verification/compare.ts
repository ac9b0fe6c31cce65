import { createHash, createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import type { VerificationOptions } from '../../model/configuration.ts';

/** Compares in constant time if the lengths are equal; the length of a digest is no secret. */
export function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whether `given` is one of the secrets, in constant time whatever their lengths. */
export function isSecret(secrets: string[], given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return secrets.some((secret) => timingSafeEqual(digest(secret), digest(given)));
}

/** Whether `signature` (in `encoding`) is the HMAC of the concatenated parts under any of the secrets, read as UTF-8. */
export function hmacMatches(
  secrets: string[],
  signature: string,
  parts: (string | Buffer)[],
  algorithm: NonNullable<VerificationOptions['algorithm']>,
  encoding: NonNullable<VerificationOptions['encoding']>,
): boolean {
  const given = Buffer.from(signature.trim(), encoding);
  return secrets.some((secret) => {
    const hmac = createHmac(algorithm, secret);
    for (const part of parts) hmac.update(part);
    return sameBytes(hmac.digest(), given);
  });
}

const ED25519_KEY_BYTES = 32;
const ED25519_SIGNATURE_BYTES = 64;

/** Whether the signature of the content was made with the private half of this raw public key (RFC 8032). */
export function ed25519Matches(publicKey: Buffer, signature: Buffer, content: Buffer): boolean {
  if (publicKey.length !== ED25519_KEY_BYTES || signature.length !== ED25519_SIGNATURE_BYTES) return false;
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') };
  return verify(null, content, createPublicKey({ key: jwk, format: 'jwk' }), signature);
}
