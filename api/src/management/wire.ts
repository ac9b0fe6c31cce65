import type { Response } from 'express';
import { stringifyJson } from '../expressions/index.ts';

/** Fields of stored records that are times, in PocketBase's form. */
const TIMES = new Set([
  ...[
    'created',
    'updated',
    'received_at',
    'next_attempt_at',
    'expires_at',
    'started_at',
    'failing_since',
    'next_probe_at',
    'last_used_at',
  ],
  ...['finished_at', 'from', 'to'],
]);

/** A stored record as the API shows it: times by RFC 3339, a time that is not set as null. */
export function toWire<T extends object>(record: T): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(record).map(([name, value]) => [name, TIMES.has(name) ? toTime(value) : value]),
  );
}

/** A page of stored records as the API shows it. */
export function toWirePage<T extends object>(page: { data: T[]; next_cursor: string | null }) {
  return { data: page.data.map(toWire), next_cursor: page.next_cursor };
}

/** `2026-01-31 12:00:00.000Z` → `2026-01-31T12:00:00.000Z` */
function toTime(value: unknown): unknown {
  return value === '' ? null : String(value).replace(' ', 'T');
}

/** Answers with JSON in which whole numbers beyond 2^53 are exact; Express's own serializer refuses them. */
export function sendJson(response: Response, body: unknown): void {
  response.type('application/json').send(stringifyJson(body));
}
