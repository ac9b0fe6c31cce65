import { isCredentialName } from '../model/credential-names.ts';
import { REDACTED } from './headers.ts';
import { looksLikeCredential } from './verification/index.ts';

/**
 * Redacts the values of credentials in a query string, by the same rules as storedHeaders; keeps order and spelling of its
 * parameters.
 */
export function storedQuery(
  query: string,
  notRedacted: ReadonlySet<string>,
  credentials: ReadonlySet<string> = new Set(),
): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((parameter) => {
      const [[name, value] = ['', '']] = new URLSearchParams(parameter);
      const lower = name.toLowerCase();
      const looksSecret = value !== '' && (isCredentialName(name) || looksLikeCredential(value));
      if (!credentials.has(lower) && (!looksSecret || notRedacted.has(lower))) return parameter;
      return `${parameter.split('=', 1)[0]}=${REDACTED}`;
    })
    .join('&');
}

/** A stored query string without redacted parameters, the others as they came. */
export function withoutRedacted(query: string): string {
  if (!query.includes(REDACTED)) return query;
  return query
    .split('&')
    .filter((parameter) => !parameter.endsWith(`=${REDACTED}`))
    .join('&');
}

/** A stored query string as expressions read it, without redacted parameters. A repeated one is a list, as in forms. */
export function queryMap(query: string): Record<string, string | string[]> {
  // A Map, since a producer may name a parameter `__proto__`.
  const map = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    if (value === REDACTED) continue;
    const before = map.get(name);
    map.set(name, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(map);
}
