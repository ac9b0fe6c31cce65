import type { Schemas } from '../../../client/schemas.ts';

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
    headers: Object.entries(destination.headers ?? {})
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n'),
    rateLimit: textOf(destination.rate_limit),
    maxConcurrency: textOf(destination.max_concurrency),
    ordered: destination.ordered ?? false,
    retrySchedule: (destination.retry_schedule ?? []).join(', '),
    timeoutMs: textOf(destination.timeout_ms),
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
    headers: headersOf(draft.headers),
    rate_limit: numberOf(draft.rateLimit),
    max_concurrency: numberOf(draft.maxConcurrency),
    ordered: draft.ordered,
    retry_schedule: schedule.length === 0 ? null : schedule,
    timeout_ms: numberOf(draft.timeoutMs),
  };
}

/** Only the fields that differ: others may have been changed meanwhile by somebody else. */
export function changesOf(before: Draft, after: Draft): Schemas['DestinationChanges'] {
  const old = bodyOf(before);
  const changed = Object.entries(bodyOf(after)).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(old[name as keyof typeof old]),
  );
  return Object.fromEntries(changed);
}

function headersOf(text: string): Record<string, string> | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) return null;
  return Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return colon === -1 ? [line.trim(), ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    }),
  );
}

function textOf(number: number | undefined): string {
  return number ? String(number) : '';
}

function numberOf(text: string): number {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return 0;
  const number = Number(trimmed);
  return Number.isNaN(number) ? (text as unknown as number) : number;
}
