import { type Context, makeContext } from '../expressions/index.ts';
import type { Event } from '../model/event.ts';
import { headerMap } from './headers.ts';
import { queryMap, withoutRedacted } from './query.ts';

/** The variables of expressions for an event. `data` and the type are set once the source's expressions have run. */
export function createContext(
  source: string,
  event: Pick<
    Event,
    'id' | 'type' | 'received_at' | 'correlation_id' | 'method' | 'query' | 'extracted' | 'signature_headers'
  >,
  headers: Record<string, string>,
  body: unknown,
): Context {
  return makeContext({
    body,
    headers,
    relayable: { signatures: headerMap(event.signature_headers ?? []), query: withoutRedacted(event.query) },
    query: event.query === '' ? {} : queryMap(event.query),
    method: event.method,
    source,
    event: { id: event.id, type: event.type, received_at: event.received_at, correlation_id: event.correlation_id },
    data: event.extracted,
  });
}
