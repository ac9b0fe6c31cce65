import { type Meter, makeMeter } from './meter.ts';
import { shield } from './shield.ts';

/** What expressions can read: one for each event, built by makeContext. */
export interface Context {
  /** A JSON value (from parseJson), form fields as a map, or text; null when there is none. */
  body: unknown;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** Repeated parameters are lists. */
  query: Record<string, string | string[]>;
  method: string;
  /** The source's name. */
  source: string;
  event: { id: string; type: string; received_at: string; correlation_id: string };
  /** What the source's extraction rules found; empty while they are evaluated. */
  data: Record<string, unknown>;
  /** What destinations may relay besides, and no expression can read: the producer's signatures by lower-case name, and the query as it came, without credentials. */
  relayable: { signatures: Record<string, string>; query: string };
  /** What all expressions may still do for this event. No expression can read it. */
  meter: Meter;
}

export const VARIABLES = ['body', 'headers', 'query', 'method', 'source', 'event', 'data'] as const;
/** Those of expressions over what a receiver answered. */
export const RESPONSE_VARIABLES = ['response'] as const;
export const EVENT_FIELDS = ['id', 'type', 'received_at', 'correlation_id'] as const;

/** Headers, parameters and form fields are named by producers, so they may need a shield. */
export function makeContext(parts: Omit<Context, 'meter' | 'relayable'> & Partial<Context>): Context {
  return {
    meter: makeMeter(),
    relayable: { signatures: {}, query: '' },
    ...parts,
    body: shield(parts.body),
    headers: shield(parts.headers),
    query: shield(parts.query),
  };
}
