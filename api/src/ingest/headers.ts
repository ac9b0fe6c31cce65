import { isCredentialName } from '../model/credential-names.ts';
import type { HeaderList } from '../model/event.ts';
import { looksLikeCredential } from './verification/index.ts';

export const REDACTED = '[redacted]';

/**
 * Node's flat list of header fields as pairs, in order and spelling as received, credentials redacted: those named here,
 * and what looks like one by its name or its value unless it is in `notRedacted`. Both hold lower-case names.
 */
export function storedHeaders(
  rawHeaders: string[],
  credentials: ReadonlySet<string>,
  notRedacted: ReadonlySet<string> = new Set(),
): HeaderList {
  const headers: HeaderList = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const value = rawHeaders[i + 1] as string;
    const lower = name.toLowerCase();
    const looksSecret = isCredentialName(lower) || looksLikeCredential(value);
    const secret = credentials.has(lower) || (looksSecret && !notRedacted.has(lower));
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
