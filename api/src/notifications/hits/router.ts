import { type Request, type Response, Router } from 'express';
import { sendProblem, toProblem } from '../../http/problem.ts';
import { utf8TextOf } from '../../ingest/charset.ts';
import { type ByteBudget, costOf, readBody } from '../../ingest/read-body.ts';
import type { Clock } from '../../model/ids.ts';
import { Problem, storeUnavailable } from '../../model/problems.ts';
import type { Metrics } from '../../ops/metrics.ts';
import type { NotificationsView } from '../sites/view.ts';
import { clientIp } from './client-ip.ts';
import type { DroppedTally } from './dropped-tally.ts';
import type { Hit } from './recorder.ts';
import { readSmallJson } from './small-json.ts';
import { type SiteResult, toHits } from './to-hits.ts';
import { type EventErrors, type ParsedEvent, parseEvent, type TrackedEvent } from './tracked-event.ts';

export interface HitsRouterDeps {
  notifications: { readonly current: NotificationsView };
  /** Resolves when all of them are durable. Rejects with Problem `store_unavailable` or `overloaded`. */
  record: (hits: Hit[]) => Promise<unknown>;
  dropped: Pick<DroppedTally, 'add'>;
  takeTurn: (site: string) => boolean;
  /** For the bodies of all requests that are not answered yet. */
  budget: ByteBudget;
  metrics: Pick<Metrics, 'hits' | 'hitDuration'>;
  /** Monotonic, in milliseconds. */
  elapsed: Clock;
}

const MEBIBYTE = 1024 * 1024;

/**
 * `POST /api/event`, by Plausible's contract. It writes no line of its own and no record of what it refuses: whatever a
 * request says of a person is forgotten when it is answered.
 */
export function hitsRouter(deps: HitsRouterDeps): Router {
  const router = Router({ caseSensitive: true });
  router.use((_request, response, next) => {
    allowAllOrigins(response);
    next();
  });
  router.options('/', (_request, response) => {
    response.setHeader('Access-Control-Allow-Methods', 'POST');
    response.setHeader('Access-Control-Allow-Headers', '*');
    response.setHeader('Access-Control-Max-Age', '86400');
    response.sendStatus(204);
  });
  router.post('/', async (request, response) => {
    response.locals.reported = true;
    const receivedAt = deps.elapsed();
    const event = await readEvent(request);
    if (event instanceof Problem) refuse(response, event);
    else if (!event.ok) answerErrors(response, event.errors);
    else await accept(event.event, request, response, receivedAt);
    deps.metrics.hitDuration.observe((deps.elapsed() - receivedAt) / 1000);
  });
  router.all('/', (_request, response) => {
    response.setHeader('Allow', 'POST, OPTIONS');
    throw new Problem('method_not_allowed', 'Send events of a tracker with POST.');
  });
  return router;

  async function readEvent(request: Request): Promise<ParsedEvent | Problem> {
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

  async function accept(event: TrackedEvent, request: Request, response: Response, receivedAt: number): Promise<void> {
    const { current } = deps.notifications;
    // Until the first reading nobody knows which sites there are.
    if (current.version < 0) return refuse(response, storeUnavailable());
    const sender = { ip: clientIp(request), userAgent: request.get('user-agent') ?? '', receivedAt };
    const results = toHits(event, sender, { view: current, takeTurn: deps.takeTurn });
    const hits = results.flatMap(({ hit }) => hit ?? []);
    try {
      if (hits.length > 0) await deps.record(hits);
    } catch (fault) {
      return refuse(response, toProblem(fault));
    }
    const dropped = results.filter(countResult).length;
    if (dropped > 0) response.setHeader('x-plausible-dropped', String(dropped));
    response.status(202).type('text/plain').send('ok');
  }

  /** True: it was dropped. */
  function countResult({ site, drop }: SiteResult): boolean {
    deps.metrics.hits.inc({ result: drop ?? 'recorded' });
    if (drop) deps.dropped.add(site, drop);
    return drop !== undefined;
  }

  function answerErrors(response: Response, errors: EventErrors): void {
    deps.metrics.hits.inc({ result: 'invalid' });
    response.status(400).json({ errors });
  }

  function refuse(response: Response, problem: Problem): void {
    deps.metrics.hits.inc({ result: problem.code });
    if (problem.code === 'internal_error') throw problem;
    sendProblem(response, problem);
  }
}

/** Trackers run on pages of any origin. */
function allowAllOrigins(response: Response): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Expose-Headers', 'x-plausible-dropped');
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
}
