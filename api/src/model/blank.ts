import type { Destination, Mapping, Source } from './configuration.ts';
import type { StoredEvent } from './event.ts';
import type { Trigger } from './notifications.ts';

/** Records with nothing set, enabled: what drafts begin with. Nothing is ever stored under their empty ids. */
export const BLANK_SOURCE: Source = {
  id: '',
  account: '',
  name: '',
  enabled: true,
  preset: '',
  verification: 'none',
  verification_options: null,
  secrets: [],
  event_type: '',
  dedupe_key: '',
  extract: null,
  answer: null,
  not_redacted: null,
  when_paused: 'retry',
  on_malformed: 'refuse',
  cors_origins: null,
  max_body_bytes: 0,
  rate_limit: 0,
};

export const BLANK_DESTINATION: Destination = {
  id: '',
  account: '',
  name: '',
  description: '',
  type: 'http',
  url: '',
  headers: null,
  secrets: [],
  secrets_overlap_until: '',
  notifications: false,
  enabled: true,
  disabled_reason: '',
  max_concurrency: 0,
  paused: false,
  rate_limit: 0,
  ordered: false,
  retry_schedule: null,
  timeout_ms: 0,
};

export const BLANK_MAPPING: Mapping = {
  id: '',
  account: '',
  name: '',
  source: '',
  destination: '',
  enabled: true,
  filter: '',
  template: null,
  content_type: '',
};

export const BLANK_TRIGGER: Trigger = {
  id: '',
  account: '',
  site: '',
  name: '',
  type: 'visitor_spike',
  enabled: true,
  goal: '',
  threshold: 0,
  relative_threshold: 0,
  window: '',
  cooldown: '',
  readings: 0,
  repeat: 'never',
  quiet_hours: null,
  notify: 'every',
  nth: 0,
  expires_after: '',
  when_late: 'mark',
  destinations: [],
};

/** A POST of nothing, that was never received. */
export const BLANK_EVENT: StoredEvent = {
  id: '',
  account: '',
  source: '',
  trigger: '',
  type: '',
  correlation_id: '',
  traceparent: '',
  hops: 0,
  dedupe_key: '',
  method: 'POST',
  query: '',
  headers: [],
  content_type: '',
  body: '',
  body_encoding: 'utf8',
  extracted: {},
  decisions: [],
  received_at: '',
  seq: 0,
  duplicates: 0,
};
