import type { Decision, Event } from '../../model/event.ts';
import type { Payload } from './payload.ts';
import type { Rule } from './rule.ts';

/** The event that a trigger raises: nobody sent it, so it has no request and no source. */
export function firingEvent(
  { trigger }: Rule,
  payload: Payload,
  decisions: Decision[],
  { correlation_id, received_at }: Pick<Event, 'correlation_id' | 'received_at'>,
): Event {
  return {
    id: payload.id,
    account: trigger.account,
    source: '',
    trigger: trigger.id,
    type: payload.type,
    correlation_id,
    traceparent: '',
    hops: 0,
    dedupe_key: '',
    method: '',
    query: '',
    headers: [],
    content_type: 'application/json',
    item: 0,
    body: JSON.stringify(payload),
    body_encoding: 'utf8',
    // Lists of events show it without reading bodies.
    extracted: payload.test ? { test: true } : {},
    decisions,
    received_at,
  };
}
