/** Milliseconds since the epoch. Injected everywhere, so that tests own the time. */
export type Clock = () => number;

/** Uniform in [0, 1), like Math.random. Injected, so that jitter can be tested. */
export type Random = () => number;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
const RANDOM_LENGTH = 7;

/**
 * A record id in PocketBase's own form: 15 characters of a-z0-9. The first 8 are the time in
 * base 36, so that inserts stay local in the index; they do not order events (`seq` does).
 */
export function makeId(now: Clock, random: Random): string {
  let id = now().toString(36).padStart(8, '0');
  for (let i = 0; i < RANDOM_LENGTH; i++) id += ALPHABET[Math.floor(random() * ALPHABET.length)];
  return id;
}
