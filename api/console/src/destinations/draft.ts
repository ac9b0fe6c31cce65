import type { Schemas } from '../../../client/schemas.ts';
import { differences, numberOf, numberText, pairLines, pairsOf } from '../app/form-texts.ts';

type Destination = Schemas['Destination'];
type NewDestination = Schemas['NewDestination'];

/** A destination as its form has it: every field a text, as typed. */
export interface Draft {
  name: string;
  description: string;
  type: Schemas['DestinationType'];
  url: string;
  /** A header a line: "Name: value". */
  headers: string;
  /** Deliveries a second; empty or 0: no limit. */
  rateLimit: string;
  maxConcurrency: string;
  ordered: boolean;
  /** Waits such as "0s, 5s, 5m"; empty: the default. */
  retrySchedule: string;
  timeoutMs: string;
}

export const EMPTY: Draft = {
  name: '',
  description: '',
  type: 'http',
  url: '',
  headers: '',
  rateLimit: '',
  maxConcurrency: '',
  ordered: false,
  retrySchedule: '',
  timeoutMs: '',
};

export function draftOf(destination: Destination): Draft {
  return {
    name: destination.name ?? '',
    description: destination.description ?? '',
    type: destination.type ?? 'http',
    url: destination.url ?? '',
    headers: pairLines(destination.headers),
    rateLimit: numberText(destination.rate_limit),
    maxConcurrency: numberText(destination.max_concurrency),
    ordered: destination.ordered ?? false,
    retrySchedule: (destination.retry_schedule ?? []).join(', '),
    timeoutMs: numberText(destination.timeout_ms),
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
    headers: pairsOf(draft.headers),
    rate_limit: numberOf(draft.rateLimit),
    max_concurrency: numberOf(draft.maxConcurrency),
    ordered: draft.ordered,
    retry_schedule: schedule.length === 0 ? null : schedule,
    timeout_ms: numberOf(draft.timeoutMs),
  };
}

/** Only the fields that differ: others may have been changed meanwhile by somebody else. */
export function changesOf(before: Draft, after: Draft): Schemas['DestinationChanges'] {
  return differences(bodyOf(before), bodyOf(after));
}
