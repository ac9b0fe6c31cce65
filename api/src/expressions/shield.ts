/**
 * A map that the expression library handles badly → a Map that writes itself as JSON; anything else as it is. The library
 * reads `constructor` to tell what a value is, so a key of that name would mislead it; and it looks for the first
 * of the keys, which takes a plain object of very many keys as long as going through them all.
 */
export function shield<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Map) return value;
  if (!Object.hasOwn(value, 'constructor') && Object.keys(value).length <= MAX_PLAIN_KEYS) return value;
  const map = new ShieldedMap();
  for (const key of Object.keys(value)) map.set(key, (value as Record<string, unknown>)[key]);
  return map as T;
}

/** A map of more keys becomes a Map. */
export const MAX_PLAIN_KEYS = 5_000;

class ShieldedMap extends Map<string, unknown> {
  toJSON(): unknown {
    return Object.fromEntries(this);
  }
}
// To the library, which asks for the constructor, it is a Map like any other.
Object.defineProperty(ShieldedMap.prototype, 'constructor', { value: Map });
