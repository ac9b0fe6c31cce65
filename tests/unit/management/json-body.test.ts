import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import express from 'express';
import { problemHandler } from '../../../api/src/http/problem.ts';
import { createByteBudget } from '../../../api/src/ingest/read-body.ts';
import { createJsonBody } from '../../../api/src/management/json-body.ts';
import { PROBLEMS, type ProblemCode } from '../../../api/src/model/problems.ts';

const LIMIT = 1_000;
const ROOM = 1_500;

let server: Server;
let url: string;
const budget = createByteBudget(ROOM);
/** Answers what is under way. */
let answer: (() => void) | undefined;

beforeAll(async () => {
  const app = express();
  app.post('/held', createJsonBody(budget)(LIMIT), (_request, response) => {
    answer = () => response.json({});
    server.emit('held');
  });
  app.post('/', createJsonBody(budget)(LIMIT), (request, response) => {
    response.json({ body: request.body === undefined ? 'none' : request.body });
  });
  app.use(problemHandler({ logger: { error: () => undefined } }));
  server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const post = (path: string, body: string | Uint8Array<ArrayBuffer>, type = 'application/json', headers = {}) =>
  fetch(url + path, { method: 'POST', body, headers: { 'content-type': type, ...headers } });

test.each([
  ['what it holds', '{"a":[1,null]}', 200, { body: { a: [1, null] } }],
  ['a scalar', '7', 200, { body: 7 }],
  ['no JSON', '{"a":', 400, { code: 'malformed_json' }],
  ['nothing', '', 200, { body: 'none' }],
  ['only space', ' ', 400, { code: 'malformed_json' }],
  ['a byte order mark', '\ufeff7', 200, { body: 7 }],
  ['broken JSON', '{"secret-payload": x', 400, { code: 'malformed_json' }],
  ['JSON that breaks in the middle', '{"a": 1, "b" 2}', 400, { detail: expect.stringContaining('position 13') }],
  ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 400, { code: 'malformed_json' }],
  ['more than the limit', JSON.stringify('x'.repeat(LIMIT)), 413, { code: 'body_too_large' }],
  ['too deep', '['.repeat(100) + ']'.repeat(100), 400, { code: 'validation_failed' }],
])('a body with %s', async (_name, body, status, expected) => {
  const response = await post('/', body);
  expect(response.status).toBe(status);
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject(expected);
  expect(text).not.toContain('secret-payload');
});

test.each([
  ['a body that inflates', 'body_too_large', 'gzip', gzipSync(`[${' '.repeat(9e4)}]`)],
  ['an unknown encoding', 'unsupported_encoding', 'zstd', '{}'],
  ['gzip that is none', 'malformed_body', 'gzip', 'secret-payload'],
  ['gzip cut short', 'malformed_body', 'gzip', gzipSync('{"a":1}').subarray(0, 15)],
  ['brotli that is none', 'malformed_body', 'br', 'secret-payload'],
])('%s is answered with %s', async (_what, code, encoding, body) => {
  const response = await post('/', body, 'application/json', { 'content-encoding': encoding });
  expect(response.status).toBe(PROBLEMS[code as ProblemCode].status);
  expect(await response.json()).toMatchObject({ code, detail: expect.not.stringContaining('secret-payload') });
});

test.each([
  ['latin1', 415],
  ['utf-8', 200],
  ['"UTF-8"', 200],
])('a body whose charset is %s: %i', async (charset, status) => {
  expect((await post('/', '{}', `application/json; charset=${charset}`)).status).toBe(status);
});

test('a body of another type is left alone', async () => {
  expect(await (await post('/', '{"a":1}', 'text/plain')).json()).toEqual({ body: 'none' });
});

test('what is under way counts until it is answered; whoever finds no room may come again', async () => {
  const body = JSON.stringify('x'.repeat(LIMIT - 2));
  const isHeld = once(server, 'held');
  const first = post('/held', body);
  await isHeld;
  const refused = await post('/', body);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
  expect(await refused.json()).toMatchObject({ code: 'overloaded' });
  answer?.();
  expect((await first).status).toBe(200);
  expect((await post('/', body)).status).toBe(200);
  expect(budget.reserve(ROOM)).toBe(true);
});
