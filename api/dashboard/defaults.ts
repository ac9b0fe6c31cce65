import { makeDestinationSecret, makeSourceSecret } from '../src/kinds/make-secret.ts';
import { DEFAULT_MAX_BODY_BYTES, DEFAULT_MAX_CONCURRENCY, DEFAULT_TIMEOUT_MS } from '../src/model/configuration.ts';
import type { RandomBytes } from '../src/model/new-secret.ts';

/** What a new record starts with: the defaults of the contract, with numbers in place of a 0 that stands for them. */
export const DEFAULTS: Record<string, Record<string, unknown>> = {
  sources: {
    enabled: true,
    verification: 'none',
    when_paused: 'retry',
    on_malformed: 'refuse',
    max_body_bytes: DEFAULT_MAX_BODY_BYTES,
    rate_limit: 0,
  },
  destinations: {
    enabled: true,
    type: 'http',
    rate_limit: 0,
    max_concurrency: DEFAULT_MAX_CONCURRENCY,
    timeout_ms: DEFAULT_TIMEOUT_MS,
  },
  mappings: { enabled: true },
  sites: { enabled: true, timezone: 'UTC', counted_by: 'hits' },
  goals: { enabled: true },
  triggers: {
    enabled: true,
    threshold: 0,
    relative_threshold: 0,
    readings: 0,
    repeat: 'never',
    notify: 'every',
    nth: 0,
    when_late: 'mark',
  },
  users: { role: 'viewer' },
};

export const randomBytes: RandomBytes = (size) => crypto.getRandomValues(new Uint8Array(size));

/** Such a secret as the API makes; undefined where none is needed, or where it is the vendor's. */
export function makeSecret(collection: string, record: object): string | undefined {
  if (collection === 'sources') return makeSourceSecret(record, randomBytes);
  return collection === 'destinations' ? makeDestinationSecret(record, randomBytes) : undefined;
}
