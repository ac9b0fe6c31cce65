import type { Schemas } from '../../../client/schemas.ts';
import { differences, linesOf, numberOf, numberText, pairLines, pairsOf } from '../app/form-texts.ts';

type Destination = Schemas['Destination'];
type NewDestination = Schemas['NewDestination'];

/** A destination as its form has it: every field a text, as typed. */
export interface Draft {
  name: string;
  description: string;
  type: Schemas['DestinationType'];
  url: string;
  method: NonNullable<Destination['method']>;
  /** A header a line: "Name: value". */
  headers: string;
  /** Deliveries a second; empty or 0: no limit. */
  rateLimit: string;
  maxConcurrency: string;
  ordered: boolean;
  /** Waits such as "0s, 5s, 5m"; empty: the default. */
  retrySchedule: string;
  timeoutMs: string;
  /** Which headers of the producer's request go on. */
  relay: 'none' | 'all' | 'some';
  /** With `some`: one a line. */
  relayed: string;
  relayQuery: boolean;
  /** An expression over the response; empty: every 2xx is a success. */
  success: string;
}

export const EMPTY: Draft = {
  name: '',
  description: '',
  type: 'http',
  url: '',
  method: '',
  headers: '',
  rateLimit: '',
  maxConcurrency: '',
  ordered: false,
  retrySchedule: '',
  timeoutMs: '',
  relay: 'none',
  relayed: '',
  relayQuery: false,
  success: '',
};

export function draftOf(destination: Destination): Draft {
  return {
    name: destination.name ?? '',
    description: destination.description ?? '',
    type: destination.type ?? 'http',
    url: destination.url ?? '',
    method: destination.method ?? '',
    headers: pairLines(destination.headers),
    rateLimit: numberText(destination.rate_limit),
    maxConcurrency: numberText(destination.max_concurrency),
    ordered: destination.ordered ?? false,
    retrySchedule: (destination.retry_schedule ?? []).join(', '),
    timeoutMs: numberText(destination.timeout_ms),
    ...relayDraft(destination.relay),
    success: destination.success ?? '',
  };
}

/** What the API is asked for. A number that is none is sent as it is, for the API to say what is wrong with it. */
export function bodyOf(draft: Draft): Omit<NewDestination, 'account'> {
  const schedule = draft.retrySchedule.split(/[\s,]+/).filter(Boolean);
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    type: draft.type,
    url: draft.type === 'inbox' ? '' : draft.url.trim(),
    method: draft.type === 'http' ? draft.method : '',
    headers: pairsOf(draft.headers),
    rate_limit: numberOf(draft.rateLimit),
    max_concurrency: numberOf(draft.maxConcurrency),
    ordered: draft.ordered,
    retry_schedule: schedule.length === 0 ? null : schedule,
    timeout_ms: numberOf(draft.timeoutMs),
    relay: relayOf(draft),
    success: draft.success.trim(),
  };
}

/** Only the fields that differ: others may have been changed meanwhile by somebody else. */
export function changesOf(before: Draft, after: Draft): Schemas['DestinationChanges'] {
  return differences(bodyOf(before), bodyOf(after));
}

type Relay = Destination['relay'];

function relayDraft(relay: Relay | undefined): Pick<Draft, 'relay' | 'relayed' | 'relayQuery'> {
  const { headers, query = false } = relay ?? {};
  const some = Array.isArray(headers) ? headers : [];
  return { relay: headers === 'all' ? 'all' : headers ? 'some' : 'none', relayed: some.join('\n'), relayQuery: query };
}

function relayOf({ relay, relayed, relayQuery }: Draft): Relay {
  if (relay === 'none' && !relayQuery) return null;
  return {
    ...(relay !== 'none' && { headers: relay === 'all' ? ('all' as const) : linesOf(relayed) }),
    ...(relayQuery && { query: true }),
  };
}
