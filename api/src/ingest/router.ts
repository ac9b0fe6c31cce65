import { promisify } from 'node:util';
import express, { type Request, type RequestHandler, type Response, Router } from 'express';
import { sendProblem, toProblem } from '../http/problem.ts';
import { DEFAULT_MAX_BODY_BYTES, type Source } from '../model/configuration.ts';
import type { Clock } from '../model/ids.ts';
import { Problem, storeUnavailable } from '../model/problems.ts';
import { storeTime } from '../model/time.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import type { Ingest, IngestResult } from './ingest.ts';
import type { RejectionRecorder } from './rejections.ts';

export interface IngestRouterDeps {
  ingest: Ingest;
  configuration: Pick<ConfigurationCache, 'current'>;
  rejections: Pick<RejectionRecorder, 'record'>;
  logger: Logger;
  metrics: Pick<Metrics, 'ingested' | 'ingestDuration' | 'decisions'>;
  now: Clock;
}

/** What the store keeps of it in a rejection. */
const CONTENT_TYPE_LENGTH = 1_000;

/** `POST /ingest/{source}`: reads the raw body within the source's limit, ingests, answers. */
export function ingestRouter(deps: IngestRouterDeps): Router {
  const readBody = createBodyReader();
  const router = Router({ caseSensitive: true });

  router.post('/:source', async (request, response) => {
    const started = performance.now();
    const source = findSource(request.params.source);
    try {
      await readBody(source, request, response);
      const result = await deps.ingest(source, toIngestRequest(request, response));
      if (result.status === 'refused') throw new Problem(result.code, result.detail);
      answer(response, result);
      report(source, request, response, started, result);
    } catch (fault) {
      const problem = toProblem(fault);
      refuse(source, request, response, problem);
      report(source, request, response, started, problem);
      if (problem.code === 'internal_error') throw fault;
      sendProblem(response, problem);
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
    deps.metrics.ingested.inc({ verification: 'none', result: 'unknown_source' });
    if (source)
      throw new Problem('unknown_source', 'This source is disabled. Enable it in the dashboard, under sources.');
    throw new Problem(
      'unknown_source',
      'No source has this name. Create it, or correct the path: /ingest/{name of a source}.',
    );
  }

  function refuse(source: Source, request: Request, response: Response, problem: Problem): void {
    deps.rejections.record({
      account: source.account,
      source: source.id,
      code: problem.code,
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
  ): void {
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
      event: 'id' in result ? result.id : undefined,
      type: 'type' in result ? result.type : undefined,
      deliveries: decisions.filter(({ outcome: decision }) => decision === 'delivery').length,
      bytes: Buffer.isBuffer(request.body) ? request.body.length : undefined,
      duration_ms: Math.round(milliseconds * 10) / 10,
    });
  }
}

function answer(response: Response, result: IngestResult & { id: string }): void {
  const { correlation_id } = response.locals;
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
    query: mark === -1 ? '' : request.originalUrl.slice(mark + 1),
    headers: request.headers as Record<string, string | undefined>,
    rawHeaders: request.rawHeaders,
    rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
    correlation_id: response.locals.correlation_id,
    traceparent: response.locals.traceparent,
  };
}

/** Express's raw parser reads, inflates and limits; its limit is fixed when it is made, so there is one for each limit in use. */
function createBodyReader() {
  const readers = new Map<number, (request: Request, response: Response) => Promise<void>>();
  return (source: Source, request: Request, response: Response): Promise<void> => {
    const limit = source.max_body_bytes || DEFAULT_MAX_BODY_BYTES;
    let reader = readers.get(limit);
    if (!reader) {
      const parser: RequestHandler = express.raw({ type: () => true, limit });
      reader = promisify(parser) as (request: Request, response: Response) => Promise<void>;
      readers.set(limit, reader);
    }
    return reader(request, response);
  };
}
