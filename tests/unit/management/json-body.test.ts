import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { problemHandler } from '../../../api/src/http/problem.ts';
import { createByteBudget } from '../../../api/src/ingest/read-body.ts';
import { largeJsonBody } from '../../../api/src/management/json-body.ts';

const LIMIT = 1_000;
const ROOM = 1_500;

let server: Server;
let url: string;
const budget = createByteBudget(ROOM);
/** Answers what is under way. */
let answer: (() => void) | undefined;

beforeAll(async () => {
  const app = express();
  app.post('/held', largeJsonBody(LIMIT, budget), (_request, response) => {
    answer = () => response.json({});
    server.emit('held');
  });
  app.post('/', largeJsonBody(LIMIT, budget), (request, response) => {
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

const post = (path: string, body: string, type = 'application/json') =>
  fetch(url + path, { method: 'POST', body, headers: { 'content-type': type } });

test.each([
  ['what it holds', '{"a":[1,null]}', 200, { body: { a: [1, null] } }],
  ['a scalar', '7', 200, { body: 7 }],
  ['no JSON', '{"a":', 400, { code: 'malformed_json' }],
  ['nothing', '', 400, { code: 'malformed_json' }],
  ['more than the limit', JSON.stringify('x'.repeat(LIMIT)), 413, { code: 'body_too_large' }],
  ['too deep', '['.repeat(100) + ']'.repeat(100), 400, { code: 'validation_failed' }],
])('a body with %s', async (_name, body, status, expected) => {
  const response = await post('/', body);
  expect(response.status).toBe(status);
  expect(await response.json()).toMatchObject(expected);
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
