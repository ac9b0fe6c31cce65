import { createDecipheriv, createHash } from 'node:crypto';
import { keyProblems, parseKeys } from '../../model/encryption-keys.ts';

/** As in pocketbase/internal/secrets/keyring.go: what begins so is encrypted, whether it can be read or not. */
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

/** A stored secret that no key opens; the message says which it is and what to do. */
export class UnopenedSecret extends Error {}

export type Decrypt = (stored: string, place: SecretPlace) => string;

/**
 * Reads what the PocketBase service encrypted (AES-256-GCM, pocketbase/internal/secrets/vault.go). Any of the keys may
 * have done it, so that keys can rotate.
 * @param keys comma-separated base64 keys of 32 bytes
 * @throws Error when a key is malformed; the result throws UnopenedSecret
 */
export function createDecrypt(keys: string): Decrypt {
  const [problem] = keyProblems(keys);
  if (problem !== undefined) throw new Error(`ENCRYPTION_KEYS: ${problem}`);
  const byId = new Map(parseKeys(keys).map((key) => [keyId(key), key]));
  return (stored, place) => {
    if (!stored.startsWith(SEALED_PREFIX)) return stored;
    const { field } = place;
    const [, id = '', encoded = ''] = FORM.exec(stored) ?? [];
    const key = byId.get(id);
    if (id && !key) {
      const advice = 'add that key, or write the secret anew';
      throw new UnopenedSecret(
        `${field} is encrypted with the key ${id}, which ENCRYPTION_KEYS does not hold: ${advice}.`,
      );
    }
    const plain = key && open(Buffer.from(encoded, 'base64'), key, place);
    if (plain === undefined)
      throw new UnopenedSecret(`${field} was encrypted for another record, or altered since: write the secret anew.`);
    return plain;
  };
}

/** Undefined: it was not encrypted with this key for this place. */
function open(sealed: Buffer, key: Buffer, { collection, record, field }: SecretPlace): string | undefined {
  try {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(`${collection}/${record}/${field}`));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    const text = [decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()];
    return Buffer.concat(text).toString('utf8');
  } catch {
    return undefined;
  }
}
