import { LRUCache } from 'lru-cache';
import { isCredentialName } from '../model/credential-names.ts';
import type { HeaderList } from '../model/event.ts';
import { readHeaderText } from '../model/header-text.ts';
import { looksLikeCredential } from './verification/index.ts';

export const REDACTED = '[redacted]';

/**
 * Turns Node's flat list of header fields into pairs, in order and spelling as received, UTF-8 read as such, credentials redacted: the headers
 * in `credentials`, and those that look like credentials by name or value unless they are in `notRedacted`. Both sets hold
 * lower-case names.
 */
export function storedHeaders(
  rawHeaders: string[],
  credentials: ReadonlySet<string>,
  notRedacted: ReadonlySet<string> = new Set(),
): HeaderList {
  const headers: HeaderList = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const value = readHeaderText(rawHeaders[i + 1] as string);
    const lower = name.toLowerCase();
    const looksSecret = namesCredential(lower) || looksLikeCredential(value);
    const secret = credentials.has(lower) || (looksSecret && !notRedacted.has(lower));
    headers.push([name, secret ? REDACTED : value]);
  }
  return headers;
}

/** Each producer sends the same few names, and taking one apart costs more than anything else that is done with a header. */
const known = new LRUCache<string, boolean>({ max: 1_000 });
const KNOWN_LENGTH = 100;

function namesCredential(lower: string): boolean {
  const before = known.get(lower);
  if (before !== undefined) return before;
  const names = isCredentialName(lower);
  if (lower.length <= KNOWN_LENGTH) known.set(lower, names);
  return names;
}

/**
 * Stored header fields as expressions read them: lower-case names, repeated fields joined with a comma. Redacted fields are
 * left out: a dedupe key of `[redacted]` would be the same for every event.
 */
export function headerMap(headers: HeaderList): Record<string, string> {
  // A Map, since a producer may send a header named `constructor`, which every object inherits.
  const map = new Map<string, string>();
  for (const [name, value] of headers) {
    if (value === REDACTED) continue;
    const key = name.toLowerCase();
    const before = map.get(key);
    map.set(key, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(map);
}
