import { createDecipheriv, createHash } from 'node:crypto';

const FORM = /^enc:v1:([0-9a-f]{8}):([A-Za-z0-9+/=]+)$/;
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
  return keys.split(',').map((encoded) => keyId(Buffer.from(encoded.trim(), 'base64')));
}

export type Decrypt = (stored: string, place: SecretPlace) => string;

/**
 * Reads what the PocketBase service encrypted (AES-256-GCM, pocketbase/secrets.go). Any of the keys may
 * have done it, so that keys can rotate.
 * @param keys comma-separated base64 keys of 32 bytes
 * @throws Error when a key is malformed, unknown, or the ciphertext was altered
 */
export function createDecrypt(keys: string): Decrypt {
  const byId = new Map<string, Buffer>();
  for (const encoded of keys.split(',')) {
    const key = Buffer.from(encoded.trim(), 'base64');
    if (key.length !== 32)
      throw new Error('ENCRYPTION_KEYS: every key must be 32 bytes in base64 (openssl rand -base64 32)');
    byId.set(keyId(key), key);
  }
  return (stored, place) => {
    const match = FORM.exec(stored);
    if (!match) return stored;
    const key = byId.get(match[1] as string);
    const name = `${place.collection}/${place.record}/${place.field}`;
    if (!key) throw new Error(`${name} is encrypted with key ${match[1]}, which ENCRYPTION_KEYS does not hold`);
    const data = Buffer.from(match[2] as string, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(name));
    decipher.setAuthTag(data.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
  };
}
