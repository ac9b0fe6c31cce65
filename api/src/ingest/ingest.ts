import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { type Context, type ExpressionError, metersFor, stringifyJson } from '../expressions/index.ts';
import type { Source } from '../model/configuration.ts';
import type { Event } from '../model/event.ts';
import { countFanOut, HOPS_HEADER, parseHops } from '../model/hops.ts';
import type { Clock } from '../model/ids.ts';
import { type ProblemCode, vendorUnavailable } from '../model/problems.ts';
import type { ConfigurationCache } from '../store/configuration.ts';
import type { AcceptResult } from '../store/queue.ts';
import type { Arrival, Drafted, Submission } from '../store/submission.ts';
import { encodeBody, type ParsedBody, parseBody, readMalformed } from './body.ts';
import { utf8TextOf } from './charset.ts';
import { createContext } from './context.ts';
import type { Describe } from './describe.ts';
import { excerptOf } from './excerpt.ts';
import { answerHandshake, type HandshakeAnswer } from './handshakes/index.ts';
import type { KeepSecret } from './handshakes/keep-secret.ts';
import { headerMap } from './headers.ts';
import { decideBroken, type Planner, planOf } from './plan.ts';
import type { AnswerProducer, ProducerAnswer } from './producer-answer.ts';
import type { RateLimit } from './rate-limit.ts';
import { ITEM_TYPE } from './replan.ts';
import { type IngestResult, otherSecret, toBatchResult, tooMany, toResult, withAnswer } from './result.ts';
import type { Split } from './split.ts';
import { signatureHeaders, storedRequest } from './stored-request.ts';
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

export interface IngestDeps {
  configuration: Pick<ConfigurationCache, 'current'>;
  split: Split;
  describe: Describe;
  planner: Pick<Planner, 'prepare' | 'planAll'>;
  verify: Verify;
  keepSecret: KeepSecret;
  answerProducer: AnswerProducer;
  /** Asks another server, through the guard of deliveries. */
  get: Get;
  rateLimit: Pick<RateLimit, 'take'>;
  submit: (submission: Submission) => Promise<AcceptResult>;
  now: Clock;
  makeId: () => string;
}

const LARGE_BODY = 1024 * 1024;
/** Deliveries of one request, which are stored in one commit. */
const MAX_DELIVERIES = 5_000;

const TOO_MANY_DELIVERIES: ExpressionError = {
  message: `the events of this request have more than ${MAX_DELIVERIES} deliveries together`,
  where: 'split',
};

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
    if (asked) return takeSecret(source, request, asked);
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
    const arrival = { at: request.at, bytes: request.rawBody.length };
    return withAnswer(await submit(drafted.taken, arrival), drafted.answer);
  };

  /**
   * Parses, describes and plans one request at a time: a parsed body takes several times the memory of its text. It is
   * garbage by the time of the commit, so only one exists, however many requests wait for the store.
   */
  async function draft(
    source: Source,
    request: IngestRequest,
  ): Promise<IngestResult | { taken: Drafted | Drafted[]; answer: ProducerAnswer | undefined }> {
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
    const event = eventOf(source, request, encodeBody(request.rawBody, text));
    const context = createContext(source.name, event, headerMap(event.headers), body.value);
    const split = body.failure ? undefined : deps.split(source, context);
    // After the verification: requests by strangers must not count against the producer's rate limit.
    const wait = deps.rateLimit.take(source, split && 'items' in split ? split.items.length : 1);
    if (wait > 0) return { status: 'refused', code: 'too_many_requests', ...tooMany(source, wait) };

    await turn();
    const items = split && !split.failure ? await draftItems(source, event, context, split.items) : undefined;
    if (Array.isArray(items)) return { taken: items, answer: deps.answerProducer(source, context) };
    const described = await describe(source, event, context);
    const failure = body.failure ?? split?.failure ?? items ?? described;
    // With a key, the request could not be sent again once the expression that splits it was mended.
    if (failure?.where === 'split') event.dedupe_key = '';
    await turn();
    const answer = deps.answerProducer(source, context);
    const taken = await decide(source, event, context, failure);
    event.hops = countFanOut(event.hops, taken.planned.length);
    return { taken, answer };
  }

  async function takeSecret(source: Source, request: IngestRequest, answer: HandshakeAnswer): Promise<IngestResult> {
    const isKept = !answer.secret || (await deps.keepSecret(source, answer.secret, request.correlation_id));
    return isKept ? { status: 'handshake', answer } : otherSecret(source);
  }

  /** @throws Problem `vendor_unavailable`: the vendor sends its request again */
  async function confirmHandshake(answer: HandshakeAnswer): Promise<IngestResult> {
    if (answer.confirm === undefined) return { status: 'handshake', answer };
    const got = await deps.get(answer.confirm);
    if ('status' in got && got.status >= 200 && got.status < 300) return { status: 'handshake', answer };
    throw vendorUnavailable('failure' in got ? got.failure : `it answered ${got.status}`);
  }

  /** What a request comes to as one event, before its rules have run. */
  function eventOf(source: Source, request: IngestRequest, encoded: ReturnType<typeof encodeBody>): Event {
    const { headers, query } = storedRequest(source, request.rawHeaders, request.query);
    const isRelayed = deps.configuration.current.routesOf(source).some(({ destination }) => destination.relay);
    return {
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
      ...(isRelayed && { signature_headers: signatureHeaders(source, request.rawHeaders, headers) }),
      content_type: request.headers['content-type'] ?? '',
      item: 0,
      ...encoded,
      extracted: {},
      decisions: [],
      received_at: new Date(deps.now()).toISOString(),
    };
  }

  /** Sets what the source's own expressions come to. */
  async function describe(source: Source, event: Event, context: Context): Promise<ExpressionError | undefined> {
    const described = await deps.describe(source, context, event.item);
    event.type = context.event.type = described.type;
    event.dedupe_key = described.dedupe_key;
    event.extracted = context.data = described.extracted;
    return described.failure;
  }

  async function decide(source: Source, event: Event, context: Context, failure: ExpressionError | undefined) {
    const { current } = deps.configuration;
    const routes = await deps.planner.planAll(current.routesOf(source), context, failure);
    const broken = current.brokenRoutesOf(source).map((route) => ({ decision: decideBroken(route) }));
    const { planned, decisions } = planOf([...routes, ...broken]);
    event.decisions = decisions;
    return { event, planned };
  }

  /** The events of a request that was split; they share a limit of work, and are stored together. */
  async function draftItems(
    source: Source,
    whole: Event,
    context: Context,
    items: unknown[],
  ): Promise<Drafted[] | ExpressionError> {
    const turn = createTurns();
    const meters = metersFor(items.length);
    const drafted: Drafted[] = [];
    let deliveries = 0;
    for (const [index, item] of items.entries()) {
      await turn();
      const event: Event = {
        ...whole,
        id: index === 0 ? whole.id : deps.makeId(),
        item: index + 1,
        content_type: ITEM_TYPE,
        body: stringifyJson(item),
        body_encoding: 'utf8',
      };
      const own = { ...createContext(source.name, event, context.headers, item), meter: meters.next() };
      const failure = await describe(source, event, own);
      const one = await decide(source, event, own, failure);
      deliveries += one.planned.length;
      if (deliveries > MAX_DELIVERIES) return TOO_MANY_DELIVERIES;
      drafted.push(one);
    }
    for (const { event } of drafted) event.hops = countFanOut(event.hops, deliveries);
    return drafted;
  }

  async function submit(taken: Drafted | Drafted[], arrival: Arrival): Promise<IngestResult> {
    if (!Array.isArray(taken)) return toResult(taken.event, await deps.submit({ ...taken, arrival }));
    if (taken.length === 0) return { status: 'batch', events: [] };
    return toBatchResult(taken, await deps.submit({ batch: taken }));
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
