import { gzipSync } from 'node:zlib';
import request from 'supertest';
import { PROBLEMS } from '../../api/src/model/problems.ts';
import { describeWithServices } from '../support/pocketbase.ts';
import { type Services, startServices } from './openapi-services.ts';

let services: Services;

describeWithServices('requests of all kinds', () => {
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.stop());

  describe('session', () => {
    const logIn = (body: object) => services.call('POST', '/api/v1/session', { body });

    it('tells an operator from a user', async () => {
      const { email, password } = services.pocketbase;
      expect((await logIn({ email, password })).body).toMatchObject({ account: null, role: 'operator' });
      const viewer = await services.user('viewer');
      const answer = await logIn({ email: viewer.email, password: 'a password of some length' });
      expect(answer.body).toMatchObject({ account: viewer.account, role: 'viewer' });
      expect(answer.get('cache-control')).toBe('no-store');
    });

    it.each([
      ['a wrong password', { email: 'operator@example.com', password: 'hunter2' }, 'invalid_credentials'],
      ['an unknown e-mail', { email: 'nobody@example.com', password: 'hunter2' }, 'invalid_credentials'],
      ['no e-mail', { email: 'nobody', password: 'hunter2' }, 'invalid_credentials'],
      ['no password', { email: 'operator@example.com' }, 'validation_failed'],
      ['an object', { email: { $ne: '' }, password: { $ne: '' } }, 'validation_failed'],
    ])('refuses %s', async (_what, body, code) => {
      const answer = await logIn(body);
      expect(answer.body.code).toBe(code);
      expect(answer.text).not.toContain('hunter2');
    });

    it.each([
      ['none', undefined],
      ['an empty one', ''],
      ['a word', 'token'],
      ['the form of one', 'aaaa.bbbb.cccc'],
      ['a payload without a collection', `aaaa.${Buffer.from('{}').toString('base64url')}.cccc`],
      ['a payload that is null', `aaaa.${Buffer.from('null').toString('base64url')}.cccc`],
      ['a collection of another path', `aaaa.${Buffer.from('{"collectionId":"../x"}').toString('base64url')}.cccc`],
      [
        'a forged one',
        `aaaa.${Buffer.from('{"collectionId":"_superusers","type":"auth","id":"x"}').toString('base64url')}.cccc`,
      ],
    ])('a token that is %s opens nothing', async (_what, token) => {
      const answer = await services.call('GET', '/api/v1/sources', { token });
      expect(answer.body.code).toBe('unauthenticated');
      expect(answer.get('www-authenticate')).toBe('Bearer');
    });

    it('a token whose signature was altered opens nothing', async () => {
      const altered = services.operator.slice(0, -4) + (services.operator.endsWith('AAAA') ? 'BBBB' : 'AAAA');
      expect((await services.call('GET', '/api/v1/sources', { token: altered })).status).toBe(401);
    });

    it('the token of a user who is gone opens nothing', async () => {
      const { token, email } = await services.user('admin');
      const user = await services.pb
        .collection('users')
        .getFirstListItem(services.pb.filter('email = {:email}', { email }));
      await services.pb.collection('users').delete(user.id);
      expect((await services.call('GET', '/api/v1/sources', { token })).status).toBe(401);
    });
  });

  describe('bodies', () => {
    const names = (count: number) => Array.from({ length: count }, (_, i) => `"k${i}":1`).join();
    const deep = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    it.each<[string, Record<string, string>, string | Buffer, string]>([
      ['broken JSON', {}, '{"name": ', 'malformed_json'],
      ['no body', {}, '', 'validation_failed'],
      ['null', {}, 'null', 'validation_failed'],
      ['a text', {}, '"x"', 'validation_failed'],
      ['a list', {}, '[]', 'validation_failed'],
      ['another content type', { 'content-type': 'text/plain' }, '{"name":"x"}', 'validation_failed'],
      ['another charset', { 'content-type': 'application/json; charset=latin1' }, '{}', 'unsupported_encoding'],
      ['another encoding', { 'content-encoding': 'compress' }, '{}', 'unsupported_encoding'],
      ['gzip that is none', { 'content-encoding': 'gzip' }, '{}', 'malformed_body'],
      ['a body that inflates', { 'content-encoding': 'gzip' }, gzipSync(' '.repeat(2 ** 21)), 'body_too_large'],
      ['a long body', {}, ' '.repeat(2 ** 21), 'body_too_large'],
      ['very many values', {}, `{"name":"x","extract":[${'1,'.repeat(200_000)}1]}`, 'body_too_large'],
      ['very many different names', {}, `{${names(20_001)}}`, 'body_too_large'],
      ['deep nesting', {}, `{"name":"x","extract":${deep(100)}}`, 'validation_failed'],
      ['very deep nesting', {}, `{"name":"x","extract":${deep(20_000)}}`, 'validation_failed'],
      ['a prototype', {}, '{"name":"x","__proto__":{"enabled":true}}', 'validation_failed'],
      ['half a character', {}, '{"name":"\\ud800"}', 'validation_failed'],
    ])('%s', async (_what, headers, body, code) => {
      const post = request(services.url)
        .post('/api/v1/sources')
        .set({ 'content-type': 'application/json', authorization: `Bearer ${services.operator}`, ...headers });
      post.serialize((value) => value as unknown as string);
      const answer = await post.send(body);
      expect(answer.body.code).toBe(code);
      expect(answer.text).not.toMatch(/node_modules|\n\s+at /);
    });

    it.each<[string, unknown]>([
      ['deep nesting', JSON.parse(deep(63))],
      ['half a character', 'a\ud800b'],
      ['a NUL', 'a\u0000b'],
      ['a key named constructor', { constructor: { prototype: 1 } }],
      ['a key named __proto__', JSON.parse('{"__proto__":{"a":1}}')],
      ['a number beyond doubles', JSON.parse('1e308')],
    ])('a template with %s is stored or refused, with no fault', async (_what, template) => {
      const token = services.operator;
      const name = `t-${Math.abs(hash(String(_what)))}`;
      const source = (await services.call('POST', '/api/v1/sources', { token, body: { name } })).body.id;
      const inbox = { name: 'inbox', type: 'inbox' };
      const destination = (await services.call('POST', '/api/v1/destinations', { token, body: inbox })).body.id;
      const body = { name: 'x', source, destination, template };
      const answer = await services.call('POST', '/api/v1/mappings', { token, body });
      expect([201, 400]).toContain(answer.status);
      const preview = await services.call('POST', '/api/v1/mappings/preview', {
        token,
        body: { body: template, template },
      });
      expect([200, 400]).toContain(preview.status);
    });
  });

  it.each([
    ['PUT', '/api/v1/sources', 405, 'GET, HEAD, POST'],
    ['PATCH', '/api/v1/events/x', 405, 'GET, HEAD'],
    ['GET', '/api/v1/events/x/replay', 405, 'POST'],
    ['PUT', '/api/v1/session', 405, 'GET, HEAD, POST, DELETE'],
    ['POST', '/healthz', 405, 'GET, HEAD'],
    ['GET', '/ingest/x', 405, 'POST'],
    ['GET', '/api/v1/nothing', 404, undefined],
    ['GET', '/nothing', 404, undefined],
    ['GET', '/api/v1/sources/%ff', 400, undefined],
    ['GET', '//', 404, undefined],
    ['GET', '/docs/../../package.json', 404, undefined],
    ['GET', '/docs/%2e%2e%2fpackage.json', 404, undefined],
  ])('%s %s → %i', async (method, path, status, allow) => {
    const verb = method.toLowerCase() as 'get' | 'put' | 'patch' | 'post';
    const answer = await request(services.url)[verb](path).set('authorization', `Bearer ${services.operator}`);
    expect(answer.status).toBe(status);
    expect(answer.get('allow')).toBe(allow);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.headers).not.toHaveProperty('x-powered-by');
  });

  it.each(['/healthz', '/readyz', '/metrics'])('%s fits the contract', async (path) => {
    expect((await services.call('GET', path)).status).toBe(200);
  });

  it('the contract, its page and the list of problems are served under a policy', async () => {
    const contract = await request(services.url).get('/openapi.yaml').buffer(true);
    expect(contract.type).toBe('application/yaml');
    const page = await request(services.url).get('/docs');
    expect(page.text).toContain('spec-url="/openapi.yaml"');
    expect(page.text).not.toMatch(/https?:\/\//);
    expect(page.get('content-security-policy')).toContain("script-src 'self';");
    const problems = await request(services.url).get('/docs/problems');
    for (const code of Object.keys(PROBLEMS)) expect(problems.text).toContain(`id="${code}"`);
  });

  it('logs a line for each request, with no secret in it', async () => {
    await services.call('GET', '/api/v1/events', { token: services.operator, query: { type: 'secret-type' } });
    const lines = services.lines.filter(({ message }) => message === 'request');
    expect(lines.at(-1)).toMatchObject({ method: 'GET', route: '/api/v1/events', status: 200 });
    expect(JSON.stringify(services.lines)).not.toMatch(/secret-type|a password of some length/);
    expect(JSON.stringify(services.lines)).not.toContain(services.operator);
    expect(services.lines.filter(({ message }) => message === 'fault')).toEqual([]);
  });
});

function hash(text: string): number {
  return [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) | 0, 7);
}
