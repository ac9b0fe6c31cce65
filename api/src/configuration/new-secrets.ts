import { hkdfSync } from 'node:crypto';
import type { Once } from '../store/write.ts';

const PURPOSE = 'pockethook new secret v1';

/** Bytes for a secret that one request makes: the same for each repetition of it, and for nothing else. */
export type NewSecret = (once: Once) => (size: number) => Buffer;

/**
 * Secrets are shown in the answer that made them, and kept only encrypted or as a hash; a repetition has to show the same
 * one. So they are derived (HKDF, RFC 5869) from the installation's first key and the request instead of being kept.
 * @param encryptionKeys as in ENCRYPTION_KEYS
 */
export function createNewSecret(encryptionKeys: string): NewSecret {
  const key = Buffer.from(encryptionKeys.split(',')[0] as string, 'base64');
  return (once) => (size) => Buffer.from(hkdfSync('sha256', key, once.key, `${PURPOSE} ${once.fingerprint}`, size));
}
