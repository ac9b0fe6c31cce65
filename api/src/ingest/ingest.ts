import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { ExpressionError } from '../expressions/index.ts';
import type { Source } from '../model/configuration.ts';
import type { Decision, Event, VerificationFailure } from '../model/event.ts';
import { countFanOut, HOPS_HEADER, parseHops } from '../model/hops.ts';
import type { Clock } from '../model/ids.ts';
import { type ProblemCode, vendorUnavailable } from '../model/problems.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import type { AcceptResult } from '../store/queue.ts';
import type { Arrival, Planned } from '../store/submission.ts';
import { encodeBody, type ParsedBody, parseBody, readMalformed } from './body.ts';
import { utf8TextOf } from './charset.ts';
import { createContext } from './context.ts';
import type { Describe } from './describe.ts';
import { excerptOf } from './excerpt.ts';
import { answerHandshake, type HandshakeAnswer } from './handshakes/index.ts';
import { headerMap } from './headers.ts';
import { decideBroken, type Planner, planOf } from './plan.ts';
import type { AnswerProducer, ProducerAnswer } from './producer-answer.ts';
import type { RateLimit } from './rate-limit.ts';
import { storedRequest } from './stored-request.ts';
import { createSequence, createTurns } from './turns.ts';
import type { Get, Verify } from './verification/index.ts';

/** A request to a known source, with its body read and decompressed. */
export interface IngestRequest {
  method: string;
  /** Path and query as requested. */
  url: string;
  /** The full URL, with scheme and host, as the producer called it. */
  publicUrl: string;
  query: string;
  /** From Node: by lower-case name, and as a flat list in the spelling received. */
  headers: Record<string, string | undefined>;
  rawHeaders: string[];
  rawBody: Buffer;
  /** When the request began, by `performance.now()`. */
  at: number;
  correlation_id: string;
  traceparent: string;
}

export type IngestResult =
  /** `begun`: this process delivers it at once. */
  | { status: 'accepted'; id: string; type: string; decisions: Decision[]; begun?: true; answer?: ProducerAnswer }
  /** An event with the same dedupe key was stored before, under this id. */
  | { status: 'duplicate'; id: string; answer?: ProducerAnswer }
  /** A vendor's handshake (URL verification), and the answer it expects. Nothing was stored. */
  | { status: 'handshake'; answer: HandshakeAnswer }
  /** Nothing was stored. `retryAfter` in seconds. */
  | {
      status: 'refused';
      code: ProblemCode;
      detail: string;
      retryAfter?: number;
      verification_failure?: VerificationFailure;
      /** How a malformed body begins, credentials masked. */
      body_excerpt?: string;
    };

export interface IngestDeps {
  configuration: Pick<ConfigurationCache, 'current'>;
  describe: Describe;
  planner: Pick<Planner, 'prepare' | 'planAll'>;
  verify: Verify;
  answerProducer: AnswerProducer;
  /** Asks another server, through the guard of deliveries. */
  get: Get;
  rateLimit: Pick<RateLimit, 'take'>;
  submit: (submission: { event: Event; planned: Planned[]; arrival: Arrival }) => Promise<AcceptResult>;
  now: Clock;
  makeId: () => string;
}

const LARGE_BODY = 1024 * 1024;

export type Ingest = (source: Source, request: IngestRequest) => Promise<IngestResult>;

/**
 * Takes one request into the store: verify → parse → limit → describe → plan → accept. Resolves to `accepted` only
 * when the event and its deliveries are durable.
 * @throws Problem `store_unavailable`, `vendor_unavailable` or `overloaded`
 */
export function createIngest(deps: IngestDeps): Ingest {
  const oneByOne = createSequence();
  return async (source, request) => {
    const asked = answerHandshake(source, { verified: false }, request, () => readSmallBody(request));
    if (asked) return { status: 'handshake', answer: asked };
    const verification = await deps.verify(source, request, deps.now());
    if (!verification.verified) {
      const { code, detail } = verification;
      return { status: 'refused', code: 'invalid_signature', detail, verification_failure: code };
    }
    // Hashing and parsing a large body each block for a while: let other requests run in between.
    if (request.rawBody.length > LARGE_BODY) await turnOfEventLoop();
    await deps.planner.prepare(deps.configuration.current.routesOf(source));
    const drafted = await oneByOne(() => draft(source, request));
    if ('status' in drafted) return drafted;
    const { answer, ...submission } = drafted;
    const arrival = { at: request.at, bytes: request.rawBody.length };
    return withAnswer(toResult(drafted.event, await deps.submit({ ...submission, arrival })), answer);
  };

  /**
   * Parses, describes and plans one request at a time: a parsed body takes several times the memory of its text. It is
   * garbage by the time of the commit, so only one exists, however many requests wait for the store.
   */
  async function draft(
    source: Source,
    request: IngestRequest,
  ): Promise<IngestResult | { event: Event; planned: Planned[]; answer: ProducerAnswer | undefined }> {
    const turn = createTurns();
    const text = utf8TextOf(request.rawBody);
    const contentType = request.headers['content-type'] ?? '';
    const parsed = parseBody(request.rawBody, contentType, text);
    if (!parsed.ok && !isKept(source, parsed.code)) return refuseBody(source, request, parsed);
    const body: { value: unknown; failure?: ExpressionError } = parsed.ok
      ? parsed
      : readMalformed(request.rawBody, contentType, parsed.detail);
    const asked = answerHandshake(source, { verified: true }, request, () => body.value);
    if (asked) return confirmHandshake(asked);
    // After the verification: requests by strangers must not count against the producer's rate limit.
    const wait = deps.rateLimit.take(source);
    if (wait > 0) return { status: 'refused', code: 'too_many_requests', ...tooMany(source, wait) };

    await turn();
    const { event, context, failure } = await draftEvent(source, request, encodeBody(request.rawBody, text), body);
    await turn();
    const answer = deps.answerProducer(source, context);
    const { current } = deps.configuration;
    const routes = await deps.planner.planAll(current.routesOf(source), context, failure);
    const broken = current.brokenRoutesOf(source).map((route) => ({ decision: decideBroken(route) }));
    const { planned, decisions } = planOf([...routes, ...broken]);
    event.decisions = decisions;
    event.hops = countFanOut(event.hops, planned.length);
    return { event, planned, answer };
  }

  /** @throws Problem `vendor_unavailable`: the vendor sends its request again */
  async function confirmHandshake(answer: HandshakeAnswer): Promise<IngestResult> {
    if (answer.confirm === undefined) return { status: 'handshake', answer };
    const got = await deps.get(answer.confirm);
    if ('status' in got && got.status >= 200 && got.status < 300) return { status: 'handshake', answer };
    throw vendorUnavailable('failure' in got ? got.failure : `it answered ${got.status}`);
  }

  async function draftEvent(
    source: Source,
    request: IngestRequest,
    encoded: ReturnType<typeof encodeBody>,
    body: { value: unknown; failure?: ExpressionError },
  ) {
    const { headers, query } = storedRequest(source, request.rawHeaders, request.query);
    const event: Event = {
      id: deps.makeId(),
      account: source.account,
      source: source.id,
      trigger: '',
      type: '',
      correlation_id: request.correlation_id,
      traceparent: request.traceparent,
      hops: parseHops(request.headers[HOPS_HEADER]),
      dedupe_key: '',
      method: request.method,
      query,
      headers,
      content_type: request.headers['content-type'] ?? '',
      ...encoded,
      extracted: {},
      decisions: [],
      received_at: new Date(deps.now()).toISOString(),
    };
    const context = createContext(source.name, event, headerMap(headers), body.value);
    const described = await deps.describe(source, context);
    event.type = context.event.type = described.type;
    event.dedupe_key = described.dedupe_key;
    event.extracted = context.data = described.extracted;
    return { event, context, failure: body.failure ?? described.failure };
  }
}

/** Only what is no JSON: what is too large to be parsed is too large to be kept as well. */
function isKept({ on_malformed }: Source, code: ProblemCode): boolean {
  return on_malformed === 'keep' && code === 'malformed_json';
}

function refuseBody(
  { secrets }: Source,
  { rawBody, headers }: IngestRequest,
  { code, detail }: Extract<ParsedBody, { ok: false }>,
): IngestResult {
  if (code !== 'malformed_json') return { status: 'refused', code, detail };
  return { status: 'refused', code, detail, body_excerpt: excerptOf(rawBody, headers['content-type'] ?? '', secrets) };
}

/** No vendor's question is longer. */
const QUESTION_BYTES = 64 * 1024;

/** Of a request that nobody has verified; null: it is longer than any question, or none that can be read. */
function readSmallBody({ rawBody, headers }: IngestRequest): unknown {
  if (rawBody.length > QUESTION_BYTES) return null;
  const body = parseBody(rawBody, headers['content-type'] ?? '');
  return body.ok ? body.value : null;
}

function withAnswer(result: IngestResult, answer: ProducerAnswer | undefined): IngestResult {
  const isTaken = result.status === 'accepted' || result.status === 'duplicate';
  return isTaken && answer ? { ...result, answer } : result;
}

/** The refusal when a source has used up its rate limit. */
export function tooMany({ name, rate_limit }: Source, wait: number): { detail: string; retryAfter: number } {
  return {
    detail: `The source ${name} takes ${rate_limit} events a second. Send the same request again after ${wait} s, or raise its rate_limit.`,
    retryAfter: wait,
  };
}

function toResult(event: Event, result: AcceptResult): IngestResult {
  switch (result.status) {
    case 'accepted':
      return {
        status: 'accepted',
        id: event.id,
        type: event.type,
        decisions: event.decisions,
        ...(result.leased.length > 0 && { begun: true as const }),
      };
    case 'duplicate':
      return result;
    case 'stale':
      throw new Error('what a source takes in is no firing');
    case 'failed':
      return { status: 'refused', code: 'malformed_body', detail: `The event can't be stored: ${result.message}` };
  }
}
