import type { Source } from '../model/configuration.ts';
import type { HeaderList } from '../model/event.ts';
import { storedHeaders } from './headers.ts';
import { storedQuery } from './query.ts';
import { credentialHeaders, credentialParameters } from './verification/index.ts';

/**
 * Header fields and query string as they are stored with an event and read by expressions: credentials are `[redacted]`.
 * @param rawHeaders Node's flat list of names and values
 */
export function storedRequest(
  source: Source,
  rawHeaders: string[],
  query: string,
): { headers: HeaderList; query: string } {
  const notRedacted = new Set((source.not_redacted || []).map((name) => name.toLowerCase()));
  return {
    headers: storedHeaders(rawHeaders, credentialHeaders(source), notRedacted),
    query: storedQuery(query, notRedacted, credentialParameters(source)),
  };
}
