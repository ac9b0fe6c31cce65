import type { HeaderList } from '../model/event.ts';
import { looksLikeCredential } from './verification/index.ts';

const REDACTED = '[redacted]';

/** Node's flat list of header fields as pairs, in order and spelling as received, credentials redacted. */
export function storedHeaders(rawHeaders: string[], credentials: ReadonlySet<string>): HeaderList {
  const headers: HeaderList = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    const secret = credentials.has(name.toLowerCase()) || looksLikeCredential(value);
    headers.push([name, secret ? REDACTED : value]);
  }
  return headers;
}

/**
 * Stored header fields as expressions see them: lower-case names, repeated fields joined with a comma. Redacted ones are
 * missing: a dedupe key made of one would be the same for every event.
 */
export function headerMap(headers: HeaderList): Record<string, string> {
  // Not an object yet: a producer may name a header `constructor`, and every object has one.
  const map = new Map<string, string>();
  for (const [name, value] of headers) {
    if (value === REDACTED) continue;
    const key = name.toLowerCase();
    const before = map.get(key);
    map.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(map);
}
