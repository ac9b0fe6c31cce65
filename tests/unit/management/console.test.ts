import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import express, { type Express } from 'express';
import request from 'supertest';
import { notFound } from '../../../api/src/http/not-found.ts';
import { problemHandler } from '../../../api/src/http/problem.ts';
import { securityHeaders } from '../../../api/src/http/security-headers.ts';
import { consoleRouter } from '../../../api/src/management/console.ts';

const PAGE = '<!doctype html><title>Pockethook</title>';
const SCRIPT = 'import"./other.js"';
/** As Chromium asks for a page. */
const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

describe('the console, as the API serves it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'console-'));
  let app: Express;

  beforeAll(() => {
    mkdirSync(join(dir, 'assets'));
    writeFileSync(join(dir, 'index.html'), PAGE);
    writeFileSync(join(dir, 'inputs.txt'), 'of the build');
    writeFileSync(join(dir, 'assets/index-1.js'), SCRIPT);
    writeFileSync(join(dir, 'assets/index-1.js.gz'), gzipSync(SCRIPT));
    app = express().use(securityHeaders()).use(consoleRouter(dir));
    app.use(notFound({ match: () => undefined })).use(problemHandler({ logger: { error() {} } }));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  test.each(['/', '/events', '/events/mc2x8k1qpl0aa4z', '/no/such/page', '/deliveries?state=dead'])(
    'a browser gets the page at %s, under a policy that allows nothing from elsewhere',
    async (path) => {
      const answer = await request(app).get(path).set('accept', BROWSER);
      expect([answer.status, answer.type, answer.text]).toEqual([200, 'text/html', PAGE]);
      const policy = answer.headers['content-security-policy'];
      expect(policy).toMatch(/^default-src 'self';/);
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      expect(answer.headers['cache-control']).toBe('no-cache');
      expect(answer.headers.vary).toMatch(/Accept/);
    },
  );

  test('the home page of a terminal is a text', async () => {
    const answer = await request(app).get('/').set('accept', '*/*');
    expect([answer.status, answer.type]).toEqual([200, 'text/plain']);
    expect(answer.text).toMatch(/Pockethook runs here/);
  });

  test.each([
    ['GET', '/api/v1/nothing', BROWSER],
    ['GET', '/api', BROWSER],
    ['GET', '/docs/nothing', BROWSER],
    ['GET', '/assets/nothing.js', BROWSER],
    ['GET', '/assets/..%2findex.html', BROWSER],
    ['GET', '/assets/..%2finputs.txt', BROWSER],
    ['GET', '/events', '*/*'],
    ['GET', '/events', 'application/json'],
    ['POST', '/events', BROWSER],
  ])('%s %s, accepting %s, is a problem', async (method, path, accept) => {
    const answer = await request(app)[method === 'GET' ? 'get' : 'post'](path).set('accept', accept);
    expect([answer.status, answer.type]).toEqual([404, 'application/problem+json']);
  });

  test.each([
    ['gzip, br', 'gzip'],
    ['identity', undefined],
  ])('a file is kept for ever; accepting %s its encoding is %s', async (accepted, encoding) => {
    const answer = await request(app).get('/assets/index-1.js').set('accept-encoding', accepted).buffer(true);
    expect([answer.status, answer.type, answer.text]).toEqual([200, 'text/javascript', SCRIPT]);
    expect(answer.headers['content-encoding']).toBe(encoding);
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });
});
