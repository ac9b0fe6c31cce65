import { once } from 'node:events';
import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { createCollector } from '../../../api/src/ingest/collector.ts';
import { type ByteBudget, costOf, createByteBudget, readBody } from '../../../api/src/ingest/read-body.ts';
import { Problem } from '../../../api/src/model/problems.ts';

const LIMIT = 1_000;

/** A budget that tells how much is held. */
function countingBudget(maximum: number): ByteBudget & { held: number } {
  const budget = createByteBudget(maximum);
  return {
    maximum,
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

describe('the pieces of a body', () => {
  // Node hands each chunk of the wire over as a buffer of its own.
  it.each([
    ['single bytes', Array.from({ length: 300_000 }, () => 1), 40],
    ['a few', [5, 20_000, 3], 3],
    ['large ones', Array.from({ length: 50 }, () => 16_384), 50],
    ['small and large in turn', Array.from({ length: 1_000 }, (_, i) => (i % 2 === 0 ? 1 : 9_000)), 1_000],
    ['empty ones', Array.from({ length: 1_000 }, () => 0), 12],
  ])('%s are kept in few buffers, and in order', (_what, lengths, most) => {
    const collector = createCollector();
    const whole = Buffer.alloc(lengths.reduce((sum, length) => sum + length, 0));
    for (let i = 0; i < whole.length; i++) whole[i] = i * 7;
    let at = 0;
    for (const length of lengths) {
      collector.add(whole.subarray(at, at + length));
      at += length;
    }
    expect(collector.pieces).toBeLessThanOrEqual(most);
    expect(collector.concat().equals(whole)).toBe(true);
  });
});

describe('readBody', () => {
  let server: Server;
  let budget: ReturnType<typeof countingBudget>;
  /** What became of each request, in order. */
  let results: Promise<Buffer | Problem>[];

  beforeEach(async () => {
    budget = countingBudget(1_500);
    results = [];
    server = createServer((request, response) => {
      const result = readBody(request, LIMIT, budget);
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

  function open(headers: OutgoingHttpHeaders = {}) {
    const { port } = server.address() as AddressInfo;
    const sent = httpRequest({ port, host: '127.0.0.1', method: 'POST', headers, agent: false });
    sent.on('error', () => undefined);
    return sent;
  }

  async function post(body: string | Buffer, headers: OutgoingHttpHeaders = {}) {
    const sent = open(headers);
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    return results.at(-1);
  }

  const text = 'hello '.repeat(50);
  it.each<[string, Record<string, string | string[]>, Buffer]>([
    ['as it is', {}, Buffer.from(text)],
    ['in chunks', { 'transfer-encoding': 'chunked' }, Buffer.from(text)],
    ['identity', { 'content-encoding': 'identity' }, Buffer.from(text)],
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync(text)],
    ['GZIP', { 'content-encoding': 'GZIP' }, gzipSync(text)],
    ['deflate', { 'content-encoding': 'deflate' }, deflateSync(text)],
    ['br', { 'content-encoding': 'br' }, brotliCompressSync(text)],
    ['raw deflate', { 'content-encoding': 'deflate' }, deflateRawSync(text)],
    ['raw deflate without compression', { 'content-encoding': 'deflate' }, deflateRawSync(text, { level: 0 })],
    ['weak deflate', { 'content-encoding': 'deflate' }, deflateSync(text, { level: 1, windowBits: 9 })],
    ['x-gzip', { 'content-encoding': 'x-gzip' }, gzipSync(text)],
    ['gzip, identity', { 'content-encoding': 'gzip, identity' }, gzipSync(text)],
    ['a list in two fields', { 'content-encoding': ['identity', 'gzip'] }, gzipSync(text)],
    ['an empty member', { 'content-encoding': 'gzip,' }, gzipSync(text)],
    ['nothing', { 'content-encoding': '' }, Buffer.from(text)],
    ['none', { 'content-encoding': 'none' }, Buffer.from(text)],
    ['a charset', { 'content-encoding': 'UTF-8' }, Buffer.from(text)],
    ['another charset', { 'content-encoding': 'ISO-8859-1' }, Buffer.from(text)],
    ['8bit', { 'content-encoding': '8bit' }, Buffer.from(text)],
    ['gzip, then br', { 'content-encoding': 'gzip, br' }, brotliCompressSync(gzipSync(text))],
    ['gzip twice', { 'content-encoding': 'gzip, gzip' }, gzipSync(gzipSync(text))],
    ['raw deflate, then gzip', { 'content-encoding': 'deflate, gzip' }, gzipSync(deflateRawSync(text))],
  ])('%s: whole, and counted until it is released', async (_what, headers, body) => {
    expect(String(await post(body, headers))).toBe(text);
    expect(budget.held).toBe(text.length);
  });

  it.each([undefined, 'gzip', 'deflate', 'br', 'gzip, br'])(
    'an empty body is empty, with coding %s',
    async (coding) => {
      expect(await post('', coding === undefined ? {} : { 'content-encoding': coding })).toEqual(Buffer.alloc(0));
    },
  );

  describe.each<[string, string, (text: string) => Buffer, string]>([
    ['padding', 'gzip', gzipSync, '\0'],
    ['bytes', 'deflate', deflateSync, 'z'],
    ['bytes', 'deflate', deflateRawSync, 'z'],
    ['bytes', 'br', brotliCompressSync, 'z'],
  ])('%s behind the end of %s are dropped', (_what, coding, compress, character) => {
    const junk = Buffer.alloc(300, character);

    it('in one piece with it', async () => {
      expect(String(await post(Buffer.concat([compress(text), junk]), { 'content-encoding': coding }))).toBe(text);
    });

    it('in pieces that follow', async () => {
      const sent = open({ 'content-encoding': coding, 'transfer-encoding': 'chunked' });
      for (const piece of [compress(text), junk, junk, junk]) await new Promise((done) => sent.write(piece, done));
      sent.end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      await once(response, 'end');
      expect(String(await results.at(-1))).toBe(text);
    });
  });

  const bomb = gzipSync(Buffer.alloc(1_000_000));
  /** Longer than the limit, and inflated nothing. */
  const nothing = Buffer.concat(Array.from({ length: 100 }, () => gzipSync('')));
  it.each([
    ['too long, as declared', { 'content-length': LIMIT + 1 }, Buffer.alloc(LIMIT + 1), 'body_too_large'],
    ['too long, in chunks', { 'transfer-encoding': 'chunked' }, Buffer.alloc(100_000), 'body_too_large'],
    ['too long once inflated', { 'content-encoding': 'gzip' }, bomb, 'body_too_large'],
    ['no gzip', { 'content-encoding': 'gzip' }, Buffer.from('plain'), 'malformed_body'],
    ['half a gzip', { 'content-encoding': 'gzip' }, gzipSync(text).subarray(0, 15), 'malformed_body'],
    ['no raw deflate', { 'content-encoding': 'deflate' }, Buffer.from('plain'), 'malformed_body'],
    [
      'half a deflate',
      { 'content-encoding': 'deflate' },
      deflateRawSync('abcdefgh'.repeat(9)).subarray(0, 8),
      'malformed_body',
    ],
    [
      'too long once inflated, raw',
      { 'content-encoding': 'deflate' },
      deflateRawSync(Buffer.alloc(100_000)),
      'body_too_large',
    ],
    ['a bomb in a bomb', { 'content-encoding': 'gzip, gzip' }, gzipSync(bomb), 'body_too_large'],
    ['long in between only', { 'content-encoding': 'gzip, gzip' }, gzipSync(nothing), 'body_too_large'],
    ['four codings', { 'content-encoding': 'gzip, gzip, gzip, gzip' }, gzipSync('x'), 'unsupported_encoding'],
    ['one of two unknown', { 'content-encoding': 'zstd, gzip' }, gzipSync('x'), 'unsupported_encoding'],
    ['an unknown encoding', { 'content-encoding': 'zstd' }, Buffer.from('x'), 'unsupported_encoding'],
    ['a name that every object has', { 'content-encoding': 'constructor' }, Buffer.from('x'), 'unsupported_encoding'],
  ])('%s: refused, and nothing stays held', async (_what, headers, body, code) => {
    expect(await post(body, headers as Record<string, string>)).toMatchObject({ code });
    expect(budget.held).toBe(0);
  });

  it('exactly the limit is fine', async () => {
    expect(await post(Buffer.alloc(LIMIT))).toHaveLength(LIMIT);
  });

  it('text beyond ASCII counts half as much again', async () => {
    const body = Buffer.from('ü'.repeat(400));
    expect(await post(body)).toHaveLength(800);
    expect([budget.held, costOf(body)]).toEqual([1_200, 1_200]);
    expect(await post(body)).toMatchObject({ code: 'overloaded' });
    expect(budget.held).toBe(1_200);
  });

  it.each([
    ['as it comes', Buffer.alloc(900)],
    ['once it is known to be more than ASCII', Buffer.from('ü'.repeat(300))],
  ])('what can never fit into memory is told so, not to come again: %s', async (_what, body) => {
    budget = countingBudget(800);
    expect(await post(body)).toMatchObject({ code: 'body_too_large', message: expect.stringContaining('memory') });
    expect(budget.held).toBe(0);
  });

  it('a compressed body that is long and comes to nothing is cut off', async () => {
    expect(nothing.length).toBeGreaterThan(LIMIT);
    const headers = { 'content-encoding': 'gzip', 'transfer-encoding': 'chunked' };
    expect(await post(nothing, headers)).toMatchObject({ code: 'body_too_large' });
    expect(budget.held).toBe(0);
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
