import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { ExpressionError } from '../expressions/index.ts';
import type { Source } from '../model/configuration.ts';
import type { Decision, Event, VerificationFailure } from '../model/event.ts';
import { countFanOut, HOPS_HEADER, parseHops } from '../model/hops.ts';
import type { Clock } from '../model/ids.ts';
import type { ProblemCode } from '../model/problems.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import type { AcceptResult } from '../store/queue.ts';
import type { Planned } from '../store/submission.ts';
import { encodeBody, type ParsedBody, parseBody, readMalformed } from './body.ts';
import { utf8TextOf } from './charset.ts';
import { createContext } from './context.ts';
import type { Describe } from './describe.ts';
import { excerptOf } from './excerpt.ts';
import { headerMap } from './headers.ts';
import { decideBroken, type Planner, planOf } from './plan.ts';
import type { RateLimit } from './rate-limit.ts';
import { storedRequest } from './stored-request.ts';
import { createSequence, createTurns } from './turns.ts';
import { type Handshake, handshake, type Verify } from './verification/index.ts';

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
  correlation_id: string;
  traceparent: string;
}

export type IngestResult =
  | { status: 'accepted'; id: string; type: string; decisions: Decision[] }
  /** An event with the same dedupe key was stored before, under this id. */
  | { status: 'duplicate'; id: string }
  /** A vendor's handshake (URL verification), and the answer it expects. Nothing was stored. */
  | { status: 'handshake'; answer: Handshake }
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
  rateLimit: Pick<RateLimit, 'take'>;
  submit: (submission: { event: Event; planned: Planned[] }) => Promise<AcceptResult>;
  now: Clock;
  makeId: () => string;
}

const LARGE_BODY = 1024 * 1024;

export type Ingest = (source: Source, request: IngestRequest) => Promise<IngestResult>;

/**
 * Takes one request into the store: verify → parse → limit → describe → plan → accept. Resolves to `accepted` only
 * when the event and its deliveries are durable.
 * @throws Problem `store_unavailable`, `key_unavailable` or `overloaded`
 */
export function createIngest(deps: IngestDeps): Ingest {
  const oneByOne = createSequence();
  return async (source, request) => {
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
    return toResult(drafted.event, await deps.submit(drafted));
  };

  /**
   * Parses, describes and plans one request at a time: a parsed body takes several times the memory of its text. It is
   * garbage by the time of the commit, so only one exists, however many requests wait for the store.
   */
  async function draft(
    source: Source,
    request: IngestRequest,
  ): Promise<IngestResult | { event: Event; planned: Planned[] }> {
    const turn = createTurns();
    const text = utf8TextOf(request.rawBody);
    const contentType = request.headers['content-type'] ?? '';
    const parsed = parseBody(request.rawBody, contentType, text);
    if (!parsed.ok && !isKept(source, parsed.code)) return refuseBody(source, request, parsed);
    const body: { value: unknown; failure?: ExpressionError } = parsed.ok
      ? parsed
      : readMalformed(request.rawBody, contentType, parsed.detail);
    const answer = handshake(source.verification, body.value);
    if (answer) return { status: 'handshake', answer };
    // After the verification: requests by strangers must not count against the producer's rate limit.
    const wait = deps.rateLimit.take(source);
    if (wait > 0) return { status: 'refused', code: 'too_many_requests', ...tooMany(source, wait) };

    await turn();
    const { event, context, failure } = await draftEvent(source, request, encodeBody(request.rawBody, text), body);
    await turn();
    const { current } = deps.configuration;
    const routes = await deps.planner.planAll(current.routesOf(source), context, failure);
    const broken = current.brokenRoutesOf(source).map((route) => ({ decision: decideBroken(route) }));
    const { planned, decisions } = planOf([...routes, ...broken]);
    event.decisions = decisions;
    event.hops = countFanOut(event.hops, planned.length);
    return { event, planned };
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
      return { status: 'accepted', id: event.id, type: event.type, decisions: event.decisions };
    case 'duplicate':
      return result;
    case 'stale':
      throw new Error('what a source takes in is no firing');
    case 'failed':
      return { status: 'refused', code: 'malformed_body', detail: `The event can't be stored: ${result.message}` };
  }
}
