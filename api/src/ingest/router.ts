import { type Request, type Response, Router } from 'express';
import { sendProblem, toProblem } from '../http/problem.ts';
import { DEFAULT_MAX_BODY_BYTES, type Source } from '../model/configuration.ts';
import type { Decision, VerificationFailure } from '../model/event.ts';
import { readHeaderText } from '../model/header-text.ts';
import type { Clock } from '../model/ids.ts';
import { Problem, storeUnavailable } from '../model/problems.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import { answerHandshake } from './handshakes/index.ts';
import type { Ingest, IngestRequest } from './ingest.ts';
import type { RateLimit } from './rate-limit.ts';
import { type ByteBudget, costOf, readBody } from './read-body.ts';
import type { RejectionRecorder } from './rejections.ts';
import { tooMany } from './result.ts';
import { type Answered, sendAnswer, sendHandshake } from './send-answer.ts';

export interface IngestRouterDeps {
  ingest: Ingest;
  configuration: Pick<ConfigurationCache, 'current'>;
  rejections: Pick<RejectionRecorder, 'record'>;
  rateLimit: Pick<RateLimit, 'wait'>;
  /** Shared by the bodies of all requests that are not answered yet. */
  budget: ByteBudget;
  logger: Logger;
  metrics: Pick<Metrics, 'ingested' | 'ingestDuration' | 'decisions'>;
  now: Clock;
}

type PostRequest = Request<Record<string, string>>;

type Headers = Record<string, string | undefined>;

/** The outcome of a request. `bytes` is the length of its decompressed body, if it was read. */
type Outcome = { result: Answered; problem?: undefined; bytes: number } | Refusal;

interface Refusal {
  problem: Problem;
  verification_failure?: VerificationFailure | undefined;
  body_excerpt?: string | undefined;
  bytes?: number;
}

/** Longest content type stored in a rejection. */
const CONTENT_TYPE_LENGTH = 1_000;

export interface IngestRoutes {
  /** `POST /ingest/{source}`: reads the raw body within the source's limit, ingests, answers. Rejects with what is to be answered. */
  post(request: PostRequest, response: Response): Promise<void>;
  /** That, and what else is asked of the same paths. */
  router: Router;
}

export function ingestRouter(deps: IngestRouterDeps): IngestRoutes {
  const router = Router({ caseSensitive: true });

  const post: IngestRoutes['post'] = async (request, response) => {
    const started = performance.now();
    const source = findSource(request.params.source ?? '');
    allowOrigin(source, request, response);
    const outcome = await receive(source, request, response, started);
    if (outcome.problem) reject(source, request, response, outcome);
    else sendAnswer(response, outcome.result);
    report(source, response, started, outcome);
    if (outcome.problem?.code === 'internal_error') throw outcome.problem;
    if (outcome.problem) sendProblem(response, outcome.problem);
  };
  router.post('/:source', post);
  /** What browsers ask before they post JSON from another origin: https://fetch.spec.whatwg.org/#cors-preflight-fetch */
  router.options('/:source', (request, response, next) => {
    const source = deps.configuration.current.sourceByName(request.params.source);
    if (!request.headers['access-control-request-method'] || !allowOrigin(source, request, response)) return next();
    response.setHeader('Access-Control-Allow-Methods', 'POST');
    const headers = request.headers['access-control-request-headers'];
    if (headers) response.setHeader('Access-Control-Allow-Headers', headers);
    response.setHeader('Access-Control-Max-Age', '600');
    response.status(204).end();
  });
  router.all('/:source', (request, response) => {
    const started = performance.now();
    const source = deps.configuration.current.sourceByName(request.params.source);
    const asked = { method: request.method, url: request.originalUrl, headers: request.headers as Headers };
    const given = source?.enabled && answerHandshake(source, { verified: false }, asked, () => null);
    if (!source || !given) {
      response.setHeader('Allow', 'POST');
      throw new Problem('method_not_allowed', 'Send events with POST.');
    }
    sendHandshake(response, given);
    report(source, response, started, { result: { status: 'handshake', answer: given }, bytes: 0 });
  });
  return { post, router };

  function findSource(name: string): Source {
    const { current } = deps.configuration;
    // Before the configuration is first read, sources are unknown, and a 404 would make a producer give up.
    if (current.version < 0) throw storeUnavailable();
    const source = current.sourceByName(name);
    if (source) return source;
    if (current.unreadableSource(name)?.enabled) {
      deps.metrics.ingested.inc({ verification: 'none', result: 'source_unreadable' });
      throw outOfService();
    }
    deps.metrics.ingested.inc({ verification: 'none', result: 'unknown_source' });
    throw new Problem(
      'unknown_source',
      'No source has this name. Create it, or correct the path: /ingest/{name of a source}.',
    );
  }

  /** Allows pages of the source's `cors_origins` to read the answer. */
  function allowOrigin(source: Source | undefined, request: Pick<Request, 'headers'>, response: Response): boolean {
    const { origin } = request.headers;
    const allowed = source?.cors_origins ?? [];
    if (origin === undefined || allowed.length === 0) return false;
    response.vary('Origin');
    if (!allowed.includes('*') && !allowed.includes(origin)) return false;
    response.setHeader('Access-Control-Allow-Origin', allowed.includes('*') ? '*' : origin);
    response.setHeader(
      'Access-Control-Expose-Headers',
      'Retry-After, X-Correlation-Id, Pockethook-Event, Pockethook-Events',
    );
    return true;
  }

  /** Checks the rate limit before it reads the body, and releases the body's memory from the budget at the end. */
  async function receive(source: Source, request: PostRequest, response: Response, started: number): Promise<Outcome> {
    if (!source.enabled) return { problem: pausedProblem(source) };
    const wait = deps.rateLimit.wait(source);
    if (wait > 0) return { problem: tooManyRequests(source, wait) };
    const body = await readBody(request, source.max_body_bytes || DEFAULT_MAX_BODY_BYTES, deps.budget);
    if (body instanceof Problem) return { problem: body };
    const bytes = body.length;
    try {
      const result = await deps.ingest(source, toIngestRequest(request, response, body, started));
      if (result.status !== 'refused') return { bytes, result };
      const { code, detail, verification_failure, body_excerpt } = result;
      return { bytes, problem: new Problem(code, detail, result), verification_failure, body_excerpt };
    } catch (fault) {
      return { bytes, problem: toProblem(fault) };
    } finally {
      deps.budget.release(costOf(body));
    }
  }

  function reject(source: Source, request: PostRequest, response: Response, refusal: Refusal): void {
    deps.rejections.record({
      account: source.account,
      source: source.id,
      code: refusal.problem.code,
      verification_failure: refusal.verification_failure ?? '',
      detail: refusal.problem.message,
      correlation_id: response.locals.correlation_id,
      method: request.method,
      content_type: readHeaderText(request.get('content-type') ?? '').slice(0, CONTENT_TYPE_LENGTH),
      body_bytes: refusal.bytes ?? Number(request.get('content-length') ?? 0),
      body_excerpt: refusal.body_excerpt ?? '',
      received_at: new Date(deps.now()).toISOString(),
    });
  }

  function report(source: Source, response: Response, started: number, outcome: Outcome): void {
    response.locals.reported = true;
    const { problem, bytes } = outcome;
    const result = problem ? undefined : outcome.result;
    const name = problem ? problem.code : nameOf(outcome.result);
    const milliseconds = performance.now() - started;
    deps.metrics.ingested.inc({ verification: source.verification, result: name });
    deps.metrics.ingestDuration.observe(milliseconds / 1000);
    const decisions = decisionsOf(result);
    for (const { outcome: decision } of decisions) deps.metrics.decisions.inc({ outcome: decision });
    const level = problem ? 'warn' : isToldByDelivery(outcome.result) ? 'debug' : 'info';
    if (!deps.logger.isLevelEnabled(level)) return;
    deps.logger.log(level, 'ingest', {
      correlation_id: response.locals.correlation_id,
      source: source.name,
      result: name,
      verification_failure: problem ? outcome.verification_failure : undefined,
      event: result && 'id' in result ? result.id : undefined,
      events: result?.status === 'batch' ? result.events.length : undefined,
      type: result && 'type' in result ? result.type : undefined,
      deliveries: decisions.filter(({ outcome: decision }) => decision === 'delivery').length,
      answer_failure:
        result && 'answer' in result && result.answer && 'failure' in result.answer ? result.answer.failure : undefined,
      bytes,
      duration_ms: Math.round(milliseconds * 10) / 10,
    });
  }
}

/** What an event's mappings came to; those of all events of a request that was split. */
function decisionsOf(result: Answered | undefined): Decision[] {
  if (result?.status === 'batch') return result.events.flatMap(({ decisions }) => decisions);
  return result?.status === 'accepted' ? result.decisions : [];
}

/** The line of its first delivery says what there is to say of it: an event of which all is well makes one line. */
function isToldByDelivery(result: Answered): boolean {
  if (result.status !== 'accepted' || !result.begun || (result.answer && 'failure' in result.answer)) return false;
  return result.decisions.every(({ outcome }) => outcome === 'delivery' || outcome === 'filtered');
}

/** As a request's result is called in logs and metrics. */
function nameOf(result: Answered): 'accepted' | 'duplicate' | 'handshake' {
  if (result.status !== 'batch') return result.status;
  return result.events.length > 0 && result.events.every(({ duplicate }) => duplicate) ? 'duplicate' : 'accepted';
}

/** What producers of a source that is off are told: by default to come again, since a pause ends. */
function pausedProblem({ name, when_paused }: Source): Problem {
  switch (when_paused) {
    case 'not_found':
      return new Problem('unknown_source', `No source takes events under the name ${name}.`);
    case 'gone':
      return new Problem('source_gone', `The source ${name} takes no more events. Stop sending.`);
    case 'retry':
      return new Problem(
        'source_paused',
        `The source ${name} is paused, and nothing was stored. Send the same request again after Retry-After.`,
      );
  }
}

/** Tells the producer no details: operators find them in /readyz, the log and the record itself. */
function outOfService(): Problem {
  const detail =
    'This source is out of service until it is corrected. Send the same request again later; nothing was stored.';
  return new Problem('source_unreadable', detail);
}

function tooManyRequests(source: Source, wait: number): Problem {
  const { detail, retryAfter } = tooMany(source, wait);
  return new Problem('too_many_requests', detail, { retryAfter });
}

/** By lower-case name, UTF-8 read as such. */
function readHeaders({ headers }: PostRequest): Record<string, string | undefined> {
  const read: Record<string, string | undefined> = { ...(headers as Record<string, string | undefined>) };
  for (const name in read) {
    const value = read[name];
    if (typeof value === 'string') read[name] = readHeaderText(value);
  }
  return read;
}

function toIngestRequest(request: PostRequest, response: Response, rawBody: Buffer, at: number): IngestRequest {
  const url = readHeaderText(request.originalUrl);
  const mark = url.indexOf('?');
  return {
    method: request.method,
    url,
    // Few schemes sign it, and it is found by way of the proxies that are trusted.
    get publicUrl() {
      return `${request.protocol}://${request.host}${url}`;
    },
    query: mark === -1 ? '' : url.slice(mark + 1),
    headers: readHeaders(request),
    rawHeaders: request.rawHeaders,
    rawBody,
    at,
    correlation_id: response.locals.correlation_id,
    traceparent: response.locals.traceparent,
  };
}
