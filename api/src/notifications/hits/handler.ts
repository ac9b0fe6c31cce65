import type { IncomingMessage, ServerResponse } from 'node:http';
import { correlationIdOf } from '../../http/correlation.ts';
import { reportFault, toProblem, writeProblem } from '../../http/problem.ts';
import { SECURITY_HEADERS } from '../../http/security-headers.ts';
import { utf8TextOf } from '../../ingest/charset.ts';
import { type ByteBudget, costOf, readBody } from '../../ingest/read-body.ts';
import type { Clock } from '../../model/ids.ts';
import { PROBLEMS, Problem, storeUnavailable } from '../../model/problems.ts';
import type { Logger } from '../../ops/logger.ts';
import type { Metrics } from '../../ops/metrics.ts';
import type { NotificationsView } from '../sites/view.ts';
import { clientIp, type Trusts } from './client-ip.ts';
import type { DroppedTally } from './dropped-tally.ts';
import type { Hit } from './recorder.ts';
import { readSmallJson } from './small-json.ts';
import { type SiteResult, toHits } from './to-hits.ts';
import { type EventErrors, type ParsedEvent, parseEvent, type TrackedEvent } from './tracked-event.ts';

export interface HitsHandlerDeps {
  notifications: { readonly current: NotificationsView };
  /** Resolves when all of them are durable. Rejects with Problem `store_unavailable` or `overloaded`. */
  record: (hits: Hit[]) => Promise<unknown>;
  dropped: Pick<DroppedTally, 'add'>;
  takeTurn: (site: string) => boolean;
  /** For the bodies of all requests that are not answered yet. */
  budget: ByteBudget;
  logger: Pick<Logger, 'error'>;
  metrics: Pick<Metrics, 'hits' | 'hitDuration'>;
  /** Monotonic, in milliseconds. */
  elapsed: Clock;
}

/** Answers a POST of a tracker. @param trusts of the server, whose proxies say who the client is */
export type HitsHandler = (request: IncomingMessage, response: ServerResponse, trusts: Trusts) => Promise<void>;

/** Trackers run on pages of any origin. */
export const HEADERS_FOR_TRACKERS: readonly [name: string, value: string][] = [
  ...SECURITY_HEADERS.filter(([name]) => name !== 'Cross-Origin-Resource-Policy'),
  ['Cross-Origin-Resource-Policy', 'cross-origin'],
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Expose-Headers', 'x-plausible-dropped'],
];

const MEBIBYTE = 1024 * 1024;

/**
 * `POST /api/event`, by Plausible's contract, in Node's own terms: hits are many, and what a framework does for each request costs
 * a third of a hit. It writes no line of its own and no record of what it refuses: whatever a request says of a person is forgotten
 * when it is answered.
 */
export function createHitsHandler(deps: HitsHandlerDeps): HitsHandler {
  return async (request, response, trusts) => {
    const receivedAt = deps.elapsed();
    try {
      const event = await readEvent(request);
      if (event instanceof Problem) refuse(event, request, response);
      else if (!event.ok) answerErrors(event.errors, request, response);
      else await accept(event.event, { ip: clientIp(request, trusts), receivedAt }, request, response);
    } catch (fault) {
      refuse(toProblem(fault), request, response);
    }
    deps.metrics.hitDuration.observe((deps.elapsed() - receivedAt) / 1000);
  };

  async function readEvent(request: IncomingMessage): Promise<ParsedEvent | Problem> {
    const body = await readBody(request, MEBIBYTE, deps.budget);
    if (body instanceof Problem) return body;
    try {
      const parsed = readSmallJson(utf8TextOf(body) ?? '');
      if (parsed.ok) return parseEvent(parsed.value);
      return parsed.tooLarge
        ? new Problem('body_too_large', `The body is too much at once: ${parsed.message}.`)
        : parseEvent(undefined);
    } finally {
      deps.budget.release(costOf(body));
    }
  }

  async function accept(
    event: TrackedEvent,
    { ip, receivedAt }: { ip: string; receivedAt: number },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { current } = deps.notifications;
    // Until the first reading nobody knows which sites there are.
    if (current.version < 0) throw storeUnavailable();
    const sender = { ip, userAgent: request.headers['user-agent'] ?? '', receivedAt };
    const results = toHits(event, sender, { view: current, takeTurn: deps.takeTurn });
    const hits = results.flatMap(({ hit }) => hit ?? []);
    if (hits.length > 0) await deps.record(hits);
    const dropped = results.filter(countResult).length;
    answer(request, response, { status: 202, type: 'text/plain', body: 'ok', dropped });
  }

  /** True: it was dropped. */
  function countResult({ site, drop }: SiteResult): boolean {
    deps.metrics.hits.inc({ result: drop ?? 'recorded' });
    if (drop) deps.dropped.add(site, drop);
    return drop !== undefined;
  }

  function answerErrors(errors: EventErrors, request: IncomingMessage, response: ServerResponse): void {
    deps.metrics.hits.inc({ result: 'invalid' });
    answer(request, response, { status: 400, type: 'application/json', body: JSON.stringify({ errors }), dropped: 0 });
  }

  function refuse(problem: Problem, request: IncomingMessage, response: ServerResponse): void {
    deps.metrics.hits.inc({ result: problem.code });
    const correlationId = correlationIdOf(request);
    // What the store says when it is away is logged by those who ask it; of every hit it would be a flood.
    if (PROBLEMS[problem.code].status === 500) reportFault(deps.logger, problem, correlationId);
    for (const [name, value] of HEADERS_FOR_TRACKERS) response.setHeader(name, value);
    response.setHeader('X-Correlation-Id', correlationId);
    writeProblem(response, problem, correlationId);
  }
}

interface Answer {
  status: number;
  type: string;
  body: string;
  dropped: number;
}

/** All headers at once, which Node writes as they are. */
function answer(request: IncomingMessage, response: ServerResponse, { status, type, body, dropped }: Answer): void {
  const headers = ['X-Correlation-Id', correlationIdOf(request)];
  for (const [name, value] of HEADERS_FOR_TRACKERS) headers.push(name, value);
  headers.push('Content-Type', `${type}; charset=utf-8`, 'Content-Length', String(Buffer.byteLength(body)));
  if (dropped > 0) headers.push('x-plausible-dropped', String(dropped));
  response.writeHead(status, headers).end(body);
}
