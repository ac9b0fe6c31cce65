import { hkdfSync } from 'node:crypto';
import type { Once } from '../store/write.ts';

const PURPOSE = 'pockethook new secret v1';

/** Returns random-looking bytes for a request's new secret: the same for repetitions of the request, different for others. */
export type NewSecret = (once: Once) => (size: number) => Buffer;

/**
 * A new secret is shown only in the response to its request, and a repeated request must show the same one, although only
 * ciphertext or a hash is stored. So it is derived (HKDF, RFC 5869) from the first encryption key and the request.
 * @param encryptionKeys as in ENCRYPTION_KEYS
 */
export function createNewSecret(encryptionKeys: string): NewSecret {
  const key = Buffer.from(encryptionKeys.split(',')[0] as string, 'base64');
  return (once) => (size) => Buffer.from(hkdfSync('sha256', key, once.key, `${PURPOSE} ${once.fingerprint}`, size));
}
