import { once } from 'node:events';
import http, { type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { correlation } from '../../../api/src/http/correlation.ts';
import { problemHandler } from '../../../api/src/http/problem.ts';
import { createRateLimit } from '../../../api/src/ingest/rate-limit.ts';
import { createByteBudget } from '../../../api/src/ingest/read-body.ts';
import type { IngestResult } from '../../../api/src/ingest/result.ts';
import { ingestRouter } from '../../../api/src/ingest/router.ts';
import type { Rejection } from '../../../api/src/model/event.ts';
import { createMetrics } from '../../../api/src/ops/metrics.ts';
import { collectingLogger } from '../../support/logger.ts';
import { openRules } from './open-rules.ts';

const BUDGET = 1_000;
const ACCEPTED: IngestResult = { status: 'accepted', id: 'event0000000001', type: '', decisions: [] };

describe('what a process takes at once', () => {
  let server: Server;
  let rejections: Rejection[];
  /** Lets the requests that ingest has be answered, each with what is given. */
  let answers: ((result: IngestResult) => void)[];
  let takes: number;

  async function open(rate_limit: number): Promise<void> {
    const { configuration } = await openRules({ source: { rate_limit } });
    const { logger } = collectingLogger();
    rejections = [];
    answers = [];
    takes = 0;
    const rateLimit = createRateLimit({ now: () => 0 });
    const { router } = ingestRouter({
      ingest: (source) => {
        takes++;
        rateLimit.take(source);
        return new Promise((resolve) => answers.push(resolve));
      },
      configuration,
      rejections: { record: (rejection) => rejections.push(rejection) },
      rateLimit,
      budget: createByteBudget(BUDGET),
      logger,
      metrics: createMetrics(),
      now: Date.now,
    });
    server = express().use(correlation()).use('/ingest', router).use(problemHandler({ logger })).listen(0, '127.0.0.1');
    await once(server, 'listening');
  }
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  function post(bytes: number): Promise<IncomingMessage> {
    const { port } = server.address() as AddressInfo;
    const sent = http.request({ port, host: '127.0.0.1', method: 'POST', path: '/ingest/shop', agent: false });
    return new Promise((resolve, reject) => {
      sent.once('error', reject).once('response', (response) => resolve(response.resume()));
      sent.end(Buffer.alloc(bytes));
    });
  }

  async function underWay(count: number): Promise<void> {
    while (answers.length < count) await new Promise((resolve) => setImmediate(resolve));
  }

  it('more bytes than fit in: 503, Retry-After, a rejection; others go on, and room comes back with their answers', async () => {
    await open(0);
    const first = post(600);
    await underWay(1);
    const refused = await post(600);
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '5']);
    expect(rejections).toMatchObject([{ code: 'overloaded', source: 'source000000001', body_bytes: 600 }]);
    const small = post(400);
    await underWay(2);
    for (const answer of answers.splice(0)) answer(ACCEPTED);
    expect([(await first).statusCode, (await small).statusCode]).toEqual([202, 202]);
    for (const result of [ACCEPTED, { status: 'refused', code: 'invalid_signature', detail: 'no' } as const]) {
      const later = post(BUDGET);
      await underWay(1);
      answers.pop()?.(result);
      expect((await later).statusCode).toBe(result === ACCEPTED ? 202 : 401);
    }
  });

  it('a rejection tells what was wrong with the signature, one for another reason nothing of it', async () => {
    await open(0);
    for (const verification_failure of ['timestamp_out_of_tolerance', undefined] as const) {
      const code = verification_failure ? 'invalid_signature' : 'malformed_json';
      const refused = post(10);
      await underWay(1);
      answers.pop()?.({ status: 'refused', code, detail: 'no', ...(verification_failure && { verification_failure }) });
      expect((await refused).statusCode).toBe(verification_failure ? 401 : 400);
    }
    expect(rejections).toMatchObject([
      { code: 'invalid_signature', verification_failure: 'timestamp_out_of_tolerance' },
      { code: 'malformed_json', verification_failure: '' },
    ]);
  });

  it('a fault is answered in words of ours, and the room comes back', async () => {
    await open(0);
    for (let n = 0; n < 2; n++) {
      const failed = post(BUDGET);
      await underWay(1);
      answers.pop()?.(Promise.reject(new Error('inside')) as never);
      expect((await failed).statusCode).toBe(500);
    }
    expect(rejections).toMatchObject(Array(2).fill({ code: 'internal_error', body_bytes: BUDGET }));
    expect(JSON.stringify(rejections)).not.toContain('inside');
  });

  it('a source that has had its events is refused before its body is read', async () => {
    await open(1);
    const first = post(10);
    await underWay(1);
    const refused = await post(10);
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '1']);
    expect(rejections).toMatchObject([{ code: 'too_many_requests' }]);
    expect(takes).toBe(1);
    answers.pop()?.(ACCEPTED);
    expect((await first).statusCode).toBe(202);
  });
});

describe('pages in browsers', () => {
  let server: Server;
  async function ask(cors_origins: string[] | null, method: string, headers: http.OutgoingHttpHeaders) {
    const { configuration } = await openRules({ source: { cors_origins } });
    const { logger } = collectingLogger();
    const { router } = ingestRouter({
      ingest: async () => ACCEPTED,
      configuration,
      rejections: { record: () => undefined },
      rateLimit: createRateLimit({ now: () => 0 }),
      budget: createByteBudget(BUDGET),
      logger,
      metrics: createMetrics(),
      now: Date.now,
    });
    server = express().use(correlation()).use('/ingest', router).use(problemHandler({ logger })).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const sent = http.request({ port, host: '127.0.0.1', method, path: '/ingest/shop', agent: false, headers });
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    server.close();
    const { 'access-control-allow-origin': origin, 'access-control-allow-headers': allowed, vary } = response.headers;
    return {
      status: response.statusCode,
      origin,
      allowed,
      exposed: response.headers['access-control-expose-headers'],
      vary,
    };
  }
  const PAGE = 'https://www.example.com';
  const preflight = {
    origin: PAGE,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,x-a',
  };

  it.each([
    ['none by default', null, 'POST', { origin: PAGE }, 202, undefined],
    ['one that is named', [PAGE], 'POST', { origin: PAGE }, 202, PAGE],
    ['another one', [PAGE], 'POST', { origin: 'https://evil.example' }, 202, undefined],
    ['all', ['*'], 'POST', { origin: PAGE }, 202, '*'],
    ['no page at all', ['*'], 'POST', {}, 202, undefined],
    ['a question', [PAGE], 'OPTIONS', preflight, 204, PAGE],
    ['a question of another one', [PAGE], 'OPTIONS', { ...preflight, origin: 'null' }, 405, undefined],
    ['a question by default', null, 'OPTIONS', preflight, 405, undefined],
    ['OPTIONS that asks nothing', ['*'], 'OPTIONS', { origin: PAGE }, 405, undefined],
  ])('%s', async (_what, origins, method, headers, status, origin) => {
    const answer = await ask(origins, method, headers);
    expect(answer).toMatchObject({ status, origin });
    expect(answer.allowed).toBe(status === 204 ? 'content-type,x-a' : undefined);
    if (origins?.includes(PAGE) && 'origin' in headers) expect(answer.vary).toContain('Origin');
    expect(answer.exposed).toBe(origin && 'Retry-After, X-Correlation-Id, Pockethook-Event, Pockethook-Events');
  });
});
