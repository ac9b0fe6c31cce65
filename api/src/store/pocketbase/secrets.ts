import { createDecipheriv, createHash } from 'node:crypto';
import { keyProblems, parseKeys } from '../../model/encryption-keys.ts';

/** As in pocketbase/keyring.go: what begins so is encrypted, whether it can be read or not. */
const SEALED_PREFIX = 'enc:v1:';
const FORM = /^enc:v1:([0-9a-f]{8}):((?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)$/;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Where a secret stands; part of the authenticated data, so that ciphertext can't be moved elsewhere. */
export interface SecretPlace {
  collection: string;
  record: string;
  field: string;
}

/** The id of a key, as it stands in what it encrypted. */
function keyId(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

/** @param keys as in ENCRYPTION_KEYS */
export function keyIds(keys: string): string[] {
  return parseKeys(keys).map(keyId);
}

export type Decrypt = (stored: string, place: SecretPlace) => string;

/**
 * Reads what the PocketBase service encrypted (AES-256-GCM, pocketbase/secrets.go). Any of the keys may
 * have done it, so that keys can rotate.
 * @param keys comma-separated base64 keys of 32 bytes
 * @throws Error when a key is malformed, unknown, or the ciphertext was altered
 */
export function createDecrypt(keys: string): Decrypt {
  const [problem] = keyProblems(keys);
  if (problem !== undefined) throw new Error(`ENCRYPTION_KEYS: ${problem}`);
  const byId = new Map(parseKeys(keys).map((key) => [keyId(key), key]));
  return (stored, place) => {
    if (!stored.startsWith(SEALED_PREFIX)) return stored;
    const name = `${place.collection}/${place.record}/${place.field}`;
    const match = FORM.exec(stored);
    if (!match) throw new Error(`${name} looks encrypted but can't be read`);
    const key = byId.get(match[1] as string);
    if (!key) throw new Error(`${name} is encrypted with key ${match[1]}, which ENCRYPTION_KEYS does not hold`);
    const data = Buffer.from(match[2] as string, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(name));
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  };
}
