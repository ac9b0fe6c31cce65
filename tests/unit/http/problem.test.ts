import express from 'express';
import request from 'supertest';
import { correlation } from '../../../api/src/http/correlation.ts';
import { notFound } from '../../../api/src/http/not-found.ts';
import { problemHandler, toProblem } from '../../../api/src/http/problem.ts';
import { securityHeaders } from '../../../api/src/http/security-headers.ts';
import { PROBLEMS, Problem, type ProblemCode, storeUnavailable } from '../../../api/src/model/problems.ts';
import { collectingLogger } from '../../support/logger.ts';
import { thingsContract } from './support.ts';

const { logger, lines } = collectingLogger();
const app = express();
app.use(correlation(), securityHeaders());
app.get('/things/:id', (_request, response) => {
  response.json({});
});
app.get('/throws/:what', (request_) => {
  throw FAULTS[request_.params.what as keyof typeof FAULTS]();
});
app.get('/half', (_request, response) => {
  response.write('{"data":[');
  throw new Error('too late');
});
app.use(notFound(thingsContract()), problemHandler({ logger }));

const FAULTS = {
  problem: () =>
    new Problem('validation_failed', 'Two fields.', { errors: [{ field: '/name', message: 'is required' }] }),
  store: () => storeUnavailable(new Error('connect ECONNREFUSED')),
  error: () => new TypeError('whsec_c2VjcmV0 is not a function'),
  text: () => 'a text',
  unauthenticated: () => new Problem('unauthenticated', 'Send a token.'),
};

beforeEach(() => lines.splice(0));

function expectProblem(response: request.Response, code: ProblemCode): void {
  expect(response.status).toBe(PROBLEMS[code].status);
  expect(response.type).toBe('application/problem+json');
  expect(response.body).toMatchObject({
    type: `/docs/problems#${code}`,
    title: PROBLEMS[code].title,
    status: PROBLEMS[code].status,
    code,
    correlation_id: response.get('x-correlation-id'),
  });
  expect(response.body.detail.length).toBeGreaterThan(10);
  expect(response.text).not.toMatch(/node_modules|\.ts:|at Object|secret-payload/);
}

describe('problemHandler', () => {
  it('answers a broken percent-encoding', async () => {
    expectProblem(await request(app).get('/things/%E0%A4%A'), 'malformed_request');
  });

  it('gives the errors of the fields', async () => {
    const response = await request(app).get('/throws/problem');
    expectProblem(response, 'validation_failed');
    expect(response.body.errors).toEqual([{ field: '/name', message: 'is required' }]);
  });

  it('says when to come again, and logs why the store is away', async () => {
    const response = await request(app).get('/throws/store');
    expectProblem(response, 'store_unavailable');
    expect(response.get('retry-after')).toBe('5');
    expect(response.text).not.toContain('ECONNREFUSED');
    expect(lines).toMatchObject([
      {
        code: 'store_unavailable',
        error: 'connect ECONNREFUSED',
        correlation_id: response.get('x-correlation-id'),
      },
    ]);
  });

  it.each(Object.entries(PROBLEMS))('%s has a Retry-After if it passes by itself', (code, { status }) => {
    const { retryAfter } = new Problem(code as ProblemCode, 'Come again.');
    expect(retryAfter === undefined).toBe(status !== 429 && status !== 503);
  });

  it.each(['error', 'text'])('hides a fault (%s) from the caller and logs where it is', async (what) => {
    const response = await request(app).get(`/throws/${what}`);
    expectProblem(response, 'internal_error');
    expect(response.text).not.toContain('whsec_');
    expect(lines).toHaveLength(1);
    expect(JSON.stringify(lines)).not.toContain('\\n');
    if (what === 'error') expect(lines[0]?.at).toContain('problem.test.ts');
  });

  it('asks for a token', async () => {
    const response = await request(app).get('/throws/unauthenticated');
    expectProblem(response, 'unauthenticated');
    expect(response.get('www-authenticate')).toBe('Bearer');
  });

  it('closes the connection when half of the answer is gone already', async () => {
    await expect(request(app).get('/half')).rejects.toThrow(/aborted|socket hang up/);
    expect(lines).toHaveLength(1);
  });

  it("does not take the status of somebody else's answer for its own", () => {
    expect(toProblem(Object.assign(new Error('refused by the store'), { status: 401 })).code).toBe('internal_error');
  });

  it.each([403, 412, 416])('takes the status %i of a static file for what it is', (status) => {
    expect(toProblem(Object.assign(new Error('no'), { status, expose: true })).code).toBe('malformed_request');
  });
});

describe('notFound', () => {
  it('answers an unknown path', async () => {
    const response = await request(app).get('/nothing/here');
    expectProblem(response, 'not_found');
    expect(response.get('allow')).toBeUndefined();
  });

  it.each([
    ['put', '/things', 'GET, HEAD, POST'],
    ['delete', '/things/17', 'GET, HEAD, PATCH'],
    ['post', '/things/special', 'DELETE'],
    ['options', '/things', 'GET, HEAD, POST'],
  ] as const)('answers %s %s with Allow: %s', async (method, path, allow) => {
    const response = await request(app)[method](path);
    expectProblem(response, 'method_not_allowed');
    expect(response.get('allow')).toBe(allow);
  });
});

describe('securityHeaders', () => {
  it.each(['/things/1', '/nothing'])('are on %s', async (path) => {
    const response = await request(app).get(path);
    expect(response.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers).not.toHaveProperty('x-powered-by');
  });
});
