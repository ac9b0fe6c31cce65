const KEY_BYTES = 32;

/** 32 bytes in base64, also that for URLs; pocketbase/internal/server/environment.go has the same, and tests/shared/environment.json holds both to it. */
const KEY_FORM = /^[\w+/-]{43}=?$/;

/** As in ENCRYPTION_KEYS: the first encrypts, all decrypt. */
export function splitKeys(keys: string): string[] {
  return keys.split(',').map((key) => key.trim());
}

/** The keys themselves, 32 bytes each, of a list without problems. */
export function parseKeys(keys: string): Buffer[] {
  return splitKeys(keys).map((key) => Buffer.from(key, 'base64'));
}

/** What is wrong with each key; never the key itself, which may be a secret with a typing error. */
export function keyProblems(keys: string): string[] {
  return splitKeys(keys).flatMap((key, index) =>
    KEY_FORM.test(key)
      ? []
      : `key ${index + 1} is not ${KEY_BYTES} bytes in base64; make one with openssl rand -base64 ${KEY_BYTES}`,
  );
}
