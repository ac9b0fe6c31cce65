import { BLANK_DESTINATION, BLANK_EVENT, BLANK_MAPPING, BLANK_SOURCE } from '../../api/src/model/blank.ts';
import type { Destination, Mapping, Source } from '../../api/src/model/configuration.ts';
import type { Attempt, LeasedDelivery, PlannedDelivery } from '../../api/src/model/delivery.ts';
import type { Event, StoredEvent } from '../../api/src/model/event.ts';
import { makeId as makeRecordId } from '../../api/src/model/ids.ts';
import type { LeasedReplay } from '../../api/src/store/replays.ts';

/** The records that tests stand on: one account, its source `shop`, its destination `receiver`, and the mapping between. */
const ACCOUNT = 'account00000001';
const SOURCE = 'source000000001';
const DESTINATION = 'destination0001';
const MAPPING = 'mapping00000001';

export const makeId = (): string => makeRecordId(Date.now, Math.random);

export function aSource(fields: Partial<Source> = {}): Source {
  return { ...BLANK_SOURCE, id: SOURCE, account: ACCOUNT, name: 'shop', ...fields };
}

export function aDestination(fields: Partial<Destination> = {}): Destination {
  const url = 'https://example.com';
  return { ...BLANK_DESTINATION, id: DESTINATION, account: ACCOUNT, name: 'receiver', url, ...fields };
}

export function aMapping(fields: Partial<Mapping> = {}): Mapping {
  const [source, destination] = [SOURCE, DESTINATION];
  return { ...BLANK_MAPPING, id: MAPPING, account: ACCOUNT, name: 'shop to receiver', source, destination, ...fields };
}

/** `{"n":1}`, received now. */
export function aStoredEvent(fields: Partial<StoredEvent> = {}): StoredEvent {
  return {
    ...BLANK_EVENT,
    id: makeId(),
    account: ACCOUNT,
    source: SOURCE,
    type: 'order.paid',
    correlation_id: 'correlation-1',
    headers: [['Content-Type', 'application/json']],
    content_type: 'application/json',
    body: '{"n":1}',
    received_at: new Date().toISOString(),
    ...fields,
  };
}

export function anEvent(fields: Partial<Event> = {}): Event {
  const { seq: _seq, duplicates: _duplicates, ...event } = aStoredEvent(fields);
  return event;
}

export function aPlannedDelivery(fields: Partial<PlannedDelivery> = {}): PlannedDelivery {
  return {
    id: makeId(),
    mapping: MAPPING,
    destination: DESTINATION,
    state: 'pending',
    passthrough: false,
    request_body: 'rendered',
    request_content_type: 'text/plain',
    expires_in_ms: 60_000,
    ...fields,
  };
}

/** Before its first attempt. */
export function aLeasedDelivery(fields: Partial<LeasedDelivery> = {}): LeasedDelivery {
  return {
    id: 'delivery0000001',
    account: ACCOUNT,
    event: { id: 'e', source: 'github', type: 'push', correlation_id: 'correlation-1', traceparent: '', hops: 0 },
    mapping: MAPPING,
    destination: DESTINATION,
    lease_token: 3,
    attempts_made: 0,
    tries_used: 0,
    request_body: '{"a":"ä"}',
    request_body_encoding: 'utf8',
    request_content_type: 'application/json',
    request_values: null,
    expires_at: Number.MAX_SAFE_INTEGER,
    ...fields,
  };
}

/** One that met a busy receiver. */
export function anAttempt(fields: Partial<Attempt> = {}): Attempt {
  return {
    id: makeId(),
    number: 1,
    started_at: new Date().toISOString(),
    duration_ms: 12,
    status: 503,
    outcome: 'retry',
    error: 'It answered 503.',
    response_headers: { 'content-type': 'text/plain' },
    response_body: 'busy',
    ...fields,
  };
}

/** A replay of the bytes of then, that this process begins to work on. */
export function aReplay(fields: Partial<LeasedReplay> = {}): LeasedReplay {
  return {
    id: 'mwt7px979xt06fc',
    account: '',
    source: '',
    from: '2026-11-23T00:00:00.000Z',
    to: '2026-11-24T00:00:00.000Z',
    destination: '',
    status: '',
    only_missing: false,
    actor: 'operator:a',
    mode: 'original',
    rate: 50,
    events_total: 0,
    after: 0,
    until: 1_000_000,
    events_seen: 0,
    deliveries: 0,
    failed: 0,
    created: '2026-11-24T12:00:00.000Z',
    lease_token: 1,
    ...fields,
  };
}
