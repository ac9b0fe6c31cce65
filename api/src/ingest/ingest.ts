import type { Source } from '../model/configuration.ts';
import type { Decision, Event } from '../model/event.ts';
import type { Clock } from '../model/ids.ts';
import type { ProblemCode } from '../model/problems.ts';
import { storeTime } from '../model/time.ts';
import type { ConfigurationCache, Route } from '../store/configuration.ts';
import type { AcceptResult } from '../store/queue.ts';
import { encodeBody, parseBody } from './body.ts';
import { createContext } from './context.ts';
import type { Describe } from './describe.ts';
import { headerMap, storedHeaders } from './headers.ts';
import type { Planned, Planner } from './plan.ts';
import { credentialHeaders, verify } from './verification/index.ts';

/** A request to a known source, its body read and inflated. */
export interface IngestRequest {
  method: string;
  /** Path and query as requested. */
  url: string;
  query: string;
  /** As Node gives them: lower-case names, and the flat list in the spelling received. */
  headers: Record<string, string | undefined>;
  rawHeaders: string[];
  rawBody: Buffer;
  correlation_id: string;
  traceparent: string;
}

export type IngestResult =
  | { status: 'accepted'; id: string; type: string; decisions: Decision[] }
  /** The source had it already, under this id. */
  | { status: 'duplicate'; id: string }
  /** Nothing was stored. */
  | { status: 'refused'; code: ProblemCode; detail: string };

export interface IngestDeps {
  configuration: Pick<ConfigurationCache, 'current'>;
  describe: Describe;
  planner: Planner;
  submit: (submission: {
    event: Event;
    planned: { delivery: NonNullable<Planned['delivery']>; destination: Route['destination'] }[];
    toItem: (deliveries: NonNullable<Planned['delivery']>[]) => {
      event: Event;
      deliveries: NonNullable<Planned['delivery']>[];
    };
  }) => Promise<AcceptResult>;
  now: Clock;
  makeId: () => string;
}

export type Ingest = (source: Source, request: IngestRequest) => Promise<IngestResult>;

/**
 * One request's way into the store: verify → parse → describe → plan → accept. Resolves to `accepted` only
 * when event and deliveries are durable.
 * @throws Problem `store_unavailable` or `overloaded`
 */
export function createIngest(deps: IngestDeps): Ingest {
  return async (source, request) => {
    const verification = verify(source, request, deps.now());
    if (!verification.verified) return { status: 'refused', code: 'invalid_signature', detail: verification.detail };
    const content_type = request.headers['content-type'] ?? '';
    const body = parseBody(request.rawBody, content_type);
    if (!body.ok)
      return {
        status: 'refused',
        code: 'malformed_json',
        detail: `The body, declared as JSON, is none: ${body.message}.`,
      };

    const { event, context, failure } = draftEvent(source, request, body.value);
    const planned = deps.configuration.current
      .routesOf(source)
      .map((route) => ({ route, ...deps.planner.plan(route, context, failure) }));
    event.decisions = planned.map(({ decision }) => decision);
    const result = await deps.submit({
      event,
      planned: planned.flatMap(({ delivery, route }) =>
        delivery ? [{ delivery, destination: route.destination }] : [],
      ),
      toItem: (deliveries) => ({ event, deliveries }),
    });
    return toResult(event, result);
  };

  function draftEvent(source: Source, request: IngestRequest, body: unknown) {
    const headers = storedHeaders(request.rawHeaders, credentialHeaders(source));
    const event: Event = {
      id: deps.makeId(),
      account: source.account,
      source: source.id,
      type: '',
      correlation_id: request.correlation_id,
      traceparent: request.traceparent,
      dedupe_key: '',
      method: request.method,
      query: request.query,
      headers,
      content_type: request.headers['content-type'] ?? '',
      ...encodeBody(request.rawBody),
      extracted: {},
      decisions: [],
      received_at: storeTime(deps.now()),
    };
    const context = createContext(source.name, event, headerMap(headers), body);
    const described = deps.describe(source, context);
    event.type = context.event.type = described.type;
    event.dedupe_key = described.dedupe_key;
    event.extracted = context.data = described.extracted;
    return { event, context, failure: described.failure };
  }
}

function toResult(event: Event, result: AcceptResult): IngestResult {
  switch (result.status) {
    case 'accepted':
      return { status: 'accepted', id: event.id, type: event.type, decisions: event.decisions };
    case 'duplicate':
      return result;
    case 'failed':
      return { status: 'refused', code: 'malformed_body', detail: `The event can't be stored: ${result.message}` };
  }
}
