import { createHmac, timingSafeEqual } from 'node:crypto';
import type { VerificationOptions } from '../../model/configuration.ts';

/** Equal in constant time for equal lengths; the length of a digest is no secret. */
export function sameBytes(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Whether `signature` (text in `encoding`) is the HMAC of `body` under any of the secrets, taken as UTF-8. */
export function hmacMatches(
  secrets: string[],
  signature: string,
  body: Buffer,
  algorithm: NonNullable<VerificationOptions['algorithm']>,
  encoding: NonNullable<VerificationOptions['encoding']>,
): boolean {
  const given = Buffer.from(signature.trim(), encoding);
  return secrets.some((secret) => sameBytes(createHmac(algorithm, secret).update(body).digest(), given));
}
