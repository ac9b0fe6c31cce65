const KEY_BYTES = 32;

/** As in ENCRYPTION_KEYS: the first encrypts, all decrypt. */
export function splitKeys(keys: string): string[] {
  return keys.split(',').map((key) => key.trim());
}

/** What is wrong with each key; never the key itself, which may be a secret with a typing error. */
export function keyProblems(keys: string): string[] {
  return splitKeys(keys).flatMap((key, index) =>
    Buffer.from(key, 'base64').length === KEY_BYTES
      ? []
      : `key ${index + 1} is not ${KEY_BYTES} bytes in base64; make one with openssl rand -base64 ${KEY_BYTES}`,
  );
}
