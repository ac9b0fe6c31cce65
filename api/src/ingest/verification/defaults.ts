import type { SchemeDefaults } from './scheme.ts';

/** For producers of which nothing is known: a `type` in the body, and the Idempotency-Key header. */
export const GENERIC_DEFAULTS: SchemeDefaults = {
  event_type: 'has(body.type) && type(body.type) == string ? body.type : ""',
  dedupe_key: 'headers[?"idempotency-key"].orValue("")',
};
