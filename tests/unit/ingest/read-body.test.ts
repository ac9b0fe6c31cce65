import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type ByteBudget, createByteBudget, readBody } from '../../../api/src/ingest/read-body.ts';
import { Problem } from '../../../api/src/model/problems.ts';

const LIMIT = 1_000;

/** A budget that tells how much is held. */
function countingBudget(maximum: number): ByteBudget & { held: number } {
  const budget = createByteBudget(maximum);
  return {
    held: 0,
    reserve(bytes) {
      const room = budget.reserve(bytes);
      if (room) this.held += bytes;
      return room;
    },
    release(bytes) {
      this.held -= bytes;
      budget.release(bytes);
    },
  };
}

describe('readBody', () => {
  let server: Server;
  let budget: ReturnType<typeof countingBudget>;
  /** What became of each request, in order. */
  let results: Promise<Buffer | Problem>[];

  beforeEach(async () => {
    budget = countingBudget(1_500);
    results = [];
    server = createServer((request, response) => {
      const result = readBody(request, LIMIT, budget).catch((fault: Problem) => fault);
      results.push(result);
      result.then((read) => response.writeHead(read instanceof Problem ? 400 : 200).end());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  function open(headers: Record<string, string | number> = {}) {
    const { port } = server.address() as AddressInfo;
    const sent = httpRequest({ port, host: '127.0.0.1', method: 'POST', headers, agent: false });
    sent.on('error', () => undefined);
    return sent;
  }

  async function post(body: string | Buffer, headers: Record<string, string | number> = {}) {
    const sent = open(headers);
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    return results.at(-1);
  }

  const text = 'hello '.repeat(50);
  it.each([
    ['as it is', {}, Buffer.from(text)],
    ['in chunks', { 'transfer-encoding': 'chunked' }, Buffer.from(text)],
    ['identity', { 'content-encoding': 'identity' }, Buffer.from(text)],
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync(text)],
    ['GZIP', { 'content-encoding': 'GZIP' }, gzipSync(text)],
    ['deflate', { 'content-encoding': 'deflate' }, deflateSync(text)],
    ['br', { 'content-encoding': 'br' }, brotliCompressSync(text)],
  ])('%s: whole, and counted until it is released', async (_what, headers, body) => {
    expect(String(await post(body, headers))).toBe(text);
    expect(budget.held).toBe(text.length);
  });

  it('an empty body is empty', async () => {
    expect(await post('')).toEqual(Buffer.alloc(0));
  });

  const bomb = gzipSync(Buffer.alloc(1_000_000));
  it.each([
    ['too long, as declared', { 'content-length': LIMIT + 1 }, Buffer.alloc(LIMIT + 1), 'body_too_large'],
    ['too long, in chunks', { 'transfer-encoding': 'chunked' }, Buffer.alloc(100_000), 'body_too_large'],
    ['too long once inflated', { 'content-encoding': 'gzip' }, bomb, 'body_too_large'],
    ['no gzip', { 'content-encoding': 'gzip' }, Buffer.from('plain'), 'malformed_body'],
    ['half a gzip', { 'content-encoding': 'gzip' }, gzipSync(text).subarray(0, 15), 'malformed_body'],
    ['an unknown encoding', { 'content-encoding': 'zstd' }, Buffer.from('x'), 'unsupported_encoding'],
    ['a name that every object has', { 'content-encoding': 'constructor' }, Buffer.from('x'), 'unsupported_encoding'],
  ])('%s: refused, and nothing stays held', async (_what, headers, body, code) => {
    expect(await post(body, headers as Record<string, string>)).toMatchObject({ code });
    expect(budget.held).toBe(0);
  });

  it('exactly the limit is fine', async () => {
    expect(await post(Buffer.alloc(LIMIT))).toHaveLength(LIMIT);
  });

  it('what does not fit in beside others is refused with Retry-After, and fits in later', async () => {
    expect(await post(Buffer.alloc(LIMIT))).toHaveLength(LIMIT);
    expect(await post(Buffer.alloc(600))).toMatchObject({ code: 'overloaded', retryAfter: 5 });
    expect(budget.held).toBe(LIMIT);
    budget.release(LIMIT);
    expect(await post(Buffer.alloc(600))).toHaveLength(600);
  });

  it('who declares much and sends nothing takes no room', async () => {
    const idle = Array.from({ length: 20 }, () => open({ 'content-length': LIMIT }));
    for (const sent of idle) sent.flushHeaders();
    while (results.length < idle.length) await new Promise((resolve) => setImmediate(resolve));
    expect(await post(Buffer.alloc(LIMIT))).toHaveLength(LIMIT);
    for (const sent of idle) sent.destroy();
  });

  it('a connection that ends early gives its room back', async () => {
    const sent = open({ 'content-length': LIMIT });
    sent.write(Buffer.alloc(500));
    while (budget.held < 500) await new Promise((resolve) => setImmediate(resolve));
    sent.destroy();
    expect(await results[0]).toMatchObject({
      code: 'malformed_body',
      message: expect.stringContaining('ended before'),
    });
    expect(budget.held).toBe(0);
  });
});
