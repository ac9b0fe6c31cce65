import { DESTINATION_TYPES } from '../destinations/index.ts';
import { sampleValues } from '../expressions/index.ts';
import type { Destination } from '../model/configuration.ts';
import type { Attempt, LeasedDelivery } from '../model/delivery.ts';
import type { Clock } from '../model/ids.ts';
import { Problem } from '../model/problems.ts';
import { type ConfigurationCache, refuseUnreadable } from '../store/configuration.ts';
import type { Settlement } from '../store/queue.ts';

export interface TestDestinationDeps {
  configuration: Pick<ConfigurationCache, 'current'>;
  deliver: (delivery: LeasedDelivery, destination: Destination, signal: AbortSignal) => Promise<Settlement>;
  makeId: () => string;
  now: Clock;
}

/** Sends a test event in the same way as a first attempt; resolves to the attempt. Nothing is stored. */
export type TestDestination = (id: string, correlationId: string) => Promise<Attempt>;

const SOURCE = 'pockethook';
const TYPE = 'test';
const MESSAGE = 'This is a test event from Pockethook.';
/** The expiry of the test delivery: longer than any destination's timeout, so that it never expires. */
const TIME_MS = 120_000;

/** @throws Problem `not_found`; `conflict` when the destination can't be decrypted or read */
export function createTestDestination(deps: TestDestinationDeps): TestDestination {
  return async (id, correlationId) => {
    refuseUnreadable(deps.configuration.current, id);
    const destination = deps.configuration.current.destination(id);
    if (!destination) throw new Problem('not_found', `There is no destination ${id}.`);
    const delivery = testDelivery(destination, correlationId, deps);
    const { attempt } = await deps.deliver(delivery, destination, new AbortController().signal);
    if (!attempt) throw new Error('a test attempt was given back');
    return attempt;
  };
}

function testDelivery(destination: Destination, correlationId: string, deps: TestDestinationDeps): LeasedDelivery {
  const { body, content_type } = testBody(destination, new Date(deps.now()).toISOString());
  return {
    id: deps.makeId(),
    account: destination.account,
    event: { id: deps.makeId(), source: SOURCE, type: TYPE, correlation_id: correlationId, traceparent: '', hops: 0 },
    mapping: '',
    destination: destination.id,
    lease_token: 0,
    attempts_made: 0,
    tries_used: 0,
    request_body: body,
    request_body_encoding: 'utf8',
    request_content_type: content_type,
    request_values: sampleValues([destination.url, ...Object.values(destination.headers ?? {})]),
    expires_at: deps.now() + TIME_MS,
  };
}

function testBody(destination: Destination, received_at: string) {
  const type = DESTINATION_TYPES[destination.type];
  const data = { title: MESSAGE };
  return type.fit(
    type.defaultBody?.({ source: SOURCE, type: TYPE, received_at, data }) ?? {
      type: `${SOURCE}.${TYPE}`,
      timestamp: received_at,
      data: { message: MESSAGE },
    },
  );
}
