import { isCredentialName } from '../model/credential-names.ts';
import { REDACTED } from './headers.ts';
import { looksLikeCredential } from './verification/index.ts';

/** A query string, its parameters in order and spelling as received, the values of credentials redacted. */
export function storedQuery(query: string, notRedacted: ReadonlySet<string>): string {
  if (query === '') return '';
  return query
    .split('&')
    .map((parameter) => {
      const [[name, value] = ['', '']] = new URLSearchParams(parameter);
      const secret = value !== '' && (isCredentialName(name) || looksLikeCredential(value));
      if (!secret || notRedacted.has(name.toLowerCase())) return parameter;
      return `${parameter.split('=', 1)[0]}=${REDACTED}`;
    })
    .join('&');
}

/** A stored query string as expressions see it, without what is redacted. Of a repeated parameter the last counts. */
export function queryMap(query: string): Record<string, string> {
  return Object.fromEntries([...new URLSearchParams(query)].filter(([, value]) => value !== REDACTED));
}
