import { type Request, type Response, Router } from 'express';
import { sendProblem, toProblem } from '../http/problem.ts';
import { DEFAULT_MAX_BODY_BYTES, type Source } from '../model/configuration.ts';
import type { VerificationFailure } from '../model/event.ts';
import type { Clock } from '../model/ids.ts';
import { Problem, storeUnavailable } from '../model/problems.ts';
import { storeTime } from '../model/time.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import { type Ingest, type IngestResult, tooMany } from './ingest.ts';
import type { RateLimit } from './rate-limit.ts';
import { type ByteBudget, costOf, readBody } from './read-body.ts';
import type { RejectionRecorder } from './rejections.ts';

export interface IngestRouterDeps {
  ingest: Ingest;
  configuration: Pick<ConfigurationCache, 'current'>;
  rejections: Pick<RejectionRecorder, 'record'>;
  rateLimit: Pick<RateLimit, 'wait'>;
  /** For the bodies of all requests that are not answered yet. */
  budget: ByteBudget;
  logger: Logger;
  metrics: Pick<Metrics, 'ingested' | 'ingestDuration' | 'decisions'>;
  now: Clock;
}

/** What the store keeps of it in a rejection. */
const CONTENT_TYPE_LENGTH = 1_000;

/** `POST /ingest/{source}`: reads the raw body within the source's limit, ingests, answers. */
export function ingestRouter(deps: IngestRouterDeps): Router {
  const router = Router({ caseSensitive: true });

  router.post('/:source', async (request, response) => {
    const started = performance.now();
    const source = findSource(request.params.source);
    let verificationFailure: VerificationFailure | undefined;
    try {
      const wait = deps.rateLimit.wait(source);
      if (wait > 0) throw tooManyRequests(source, wait);
      request.body = await readBody(request, source.max_body_bytes || DEFAULT_MAX_BODY_BYTES, deps.budget);
      const result = await deps.ingest(source, toIngestRequest(request, response));
      if (result.status === 'refused') {
        verificationFailure = result.verification_failure;
        throw new Problem(result.code, result.detail, result);
      }
      answer(response, result);
      report(source, request, response, started, result);
    } catch (fault) {
      const problem = toProblem(fault);
      refuse(source, request, response, problem, verificationFailure);
      report(source, request, response, started, problem, verificationFailure);
      if (problem.code === 'internal_error') throw fault;
      sendProblem(response, problem);
    } finally {
      if (Buffer.isBuffer(request.body)) deps.budget.release(costOf(request.body));
    }
  });
  router.all('/:source', (_request, response) => {
    response.setHeader('Allow', 'POST');
    throw new Problem('method_not_allowed', 'Send events with POST.');
  });
  return router;

  function findSource(name: string): Source {
    const { current } = deps.configuration;
    // Until the first reading nobody knows what there is, and a 404 would make a producer give up.
    if (current.version < 0) throw storeUnavailable();
    const source = current.sourceByName(name);
    if (source?.enabled) return source;
    if (current.unreadableSource(name)?.enabled) {
      deps.metrics.ingested.inc({ verification: 'none', result: 'source_unreadable' });
      throw outOfService();
    }
    deps.metrics.ingested.inc({ verification: 'none', result: 'unknown_source' });
    if (source)
      throw new Problem('unknown_source', 'This source is disabled. Enable it in the dashboard, under sources.');
    throw new Problem(
      'unknown_source',
      'No source has this name. Create it, or correct the path: /ingest/{name of a source}.',
    );
  }

  function refuse(
    source: Source,
    request: Request,
    response: Response,
    problem: Problem,
    verificationFailure: VerificationFailure | undefined,
  ): void {
    deps.rejections.record({
      account: source.account,
      source: source.id,
      code: problem.code,
      verification_failure: verificationFailure ?? '',
      detail: problem.message,
      correlation_id: response.locals.correlation_id,
      method: request.method,
      content_type: (request.get('content-type') ?? '').slice(0, CONTENT_TYPE_LENGTH),
      body_bytes: Buffer.isBuffer(request.body) ? request.body.length : Number(request.get('content-length') ?? 0),
      received_at: storeTime(deps.now()),
    });
  }

  function report(
    source: Source,
    request: Request,
    response: Response,
    started: number,
    result: IngestResult | Problem,
    verificationFailure?: VerificationFailure,
  ): void {
    response.locals.reported = true;
    const outcome = result instanceof Problem ? result.code : result.status;
    const milliseconds = performance.now() - started;
    deps.metrics.ingested.inc({ verification: source.verification, result: outcome });
    deps.metrics.ingestDuration.observe(milliseconds / 1000);
    const decisions = 'decisions' in result ? result.decisions : [];
    for (const { outcome: decision } of decisions) deps.metrics.decisions.inc({ outcome: decision });
    deps.logger.log(result instanceof Problem ? 'warn' : 'info', 'ingest', {
      correlation_id: response.locals.correlation_id,
      source: source.name,
      result: outcome,
      verification_failure: verificationFailure,
      event: 'id' in result ? result.id : undefined,
      type: 'type' in result ? result.type : undefined,
      deliveries: decisions.filter(({ outcome: decision }) => decision === 'delivery').length,
      bytes: Buffer.isBuffer(request.body) ? request.body.length : undefined,
      duration_ms: Math.round(milliseconds * 10) / 10,
    });
  }
}

/** A producer learns no more: /readyz, the log and the record itself tell operators what to correct. */
function outOfService(): Problem {
  const detail =
    'This source is out of service until it is corrected. Send the same request again later; nothing was stored.';
  return new Problem('source_unreadable', detail);
}

function tooManyRequests(source: Source, wait: number): Problem {
  const { detail, retryAfter } = tooMany(source, wait);
  return new Problem('too_many_requests', detail, { retryAfter });
}

function answer(response: Response, result: Exclude<IngestResult, { status: 'refused' }>): void {
  const { correlation_id } = response.locals;
  if (result.status === 'handshake') {
    response.status(result.answer.status).json(result.answer.body);
    return;
  }
  if (result.status === 'accepted') {
    response.status(202).json({ id: result.id, status: 'accepted', correlation_id });
    return;
  }
  response.status(200).json({
    id: result.id,
    status: 'accepted',
    duplicate: true,
    correlation_id,
    detail: `This event was stored before. To send it again: POST /api/v1/events/${result.id}/replay`,
  });
}

function toIngestRequest(request: Request, response: Response) {
  const mark = request.originalUrl.indexOf('?');
  return {
    method: request.method,
    url: request.originalUrl,
    publicUrl: `${request.protocol}://${request.host}${request.originalUrl}`,
    query: mark === -1 ? '' : request.originalUrl.slice(mark + 1),
    headers: request.headers as Record<string, string | undefined>,
    rawHeaders: request.rawHeaders,
    rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    correlation_id: response.locals.correlation_id,
    traceparent: response.locals.traceparent,
  };
}
