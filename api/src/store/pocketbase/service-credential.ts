import { hkdfSync } from 'node:crypto';
import { parseKeys } from '../../model/encryption-keys.ts';

/** As in pocketbase/internal/access/service_account.go. */
const SCHEME = 'Pockethook-Service';
const INFO = 'pockethook service token v1';
const TOKEN_BYTES = 32;

/**
 * What this service proves itself with to the PocketBase service, as a value of `Authorization`: a token derived from
 * each key that both have anyway. PocketBase accepts a token of any key that it has, so keys can rotate and either may
 * start first. It can't be forged by who has the database, and it tells nothing about the key.
 * @param encryptionKeys as in ENCRYPTION_KEYS
 */
export function serviceCredential(encryptionKeys: string): string {
  const tokens = parseKeys(encryptionKeys).map((key) =>
    Buffer.from(hkdfSync('sha256', key, '', INFO, TOKEN_BYTES)).toString('hex'),
  );
  return `${SCHEME} ${tokens.join(',')}`;
}
