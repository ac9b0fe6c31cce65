import request, { type Test } from 'supertest';
import { describeWithServices, startApp, type TestApp } from '../support/services.ts';
import { type Services, startServices } from './openapi-services.ts';

const PATH = '/api/v1/session';
const CSRF = { 'x-pockethook-csrf': '1' };
const FORM = /^pockethook_session=([\w-]{43}); Path=\/api; HttpOnly; SameSite=Strict$/;

let services: Services;
let apps: TestApp[] = [];

async function newApp(overrides: Parameters<typeof startApp>[1] = {}): Promise<TestApp> {
  const app = await startApp(services.pocketbase, overrides);
  apps.push(app);
  return app;
}

const credentials = () => ({ email: services.pocketbase.email, password: services.pocketbase.password });

/** What a browser would send from then on. */
async function logIn(login: object = credentials(), headers: Record<string, string> = {}): Promise<string> {
  const answer = await services.call('POST', PATH, { body: { ...login, cookie: true }, headers });
  expect(answer.status).toBe(200);
  return String(answer.headers['set-cookie']).split(';')[0] as string;
}

const whoAmI = (cookie: string, url = services.url) => request(url).get(PATH).set({ cookie });

describeWithServices('sessions of browsers', () => {
  beforeAll(async () => {
    services = await startServices();
  });
  afterEach(async () => {
    for (const app of apps) await app.stop();
    apps = [];
  });
  afterAll(() => services?.stop());

  test('a login answers with a cookie that no script reads, and without a token', async () => {
    const { account, email } = await services.user('viewer');
    const password = 'a password of some length';
    const answer = await services.call('POST', PATH, { body: { email, password, cookie: true } });
    expect(answer.body).toEqual({ kind: 'user', email, account, role: 'viewer' });
    expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(FORM)]);
    expect(answer.headers['cache-control']).toBe('no-store');
    const cookie = String(answer.headers['set-cookie']).split(';')[0] as string;
    const who = await services.call('GET', PATH, { headers: { cookie } });
    expect(who.body).toEqual({ kind: 'user', email, account, role: 'viewer', expires_at: expect.any(String) });
    expect(Date.parse(who.body.expires_at)).toBeGreaterThan(Date.now());
    const { rows } = await stored();
    expect(rows).not.toContain(cookie.split('=')[1]);
  });

  async function stored() {
    const { items } = await services.pb.collection('audit').getList(1, 50);
    return { rows: JSON.stringify(items) + JSON.stringify(services.lines) };
  }

  test('who am I, by a token and by a key', async () => {
    const { token, email, account } = await services.user('admin');
    expect((await services.call('GET', PATH, { token })).body).toEqual({ kind: 'user', email, account, role: 'admin' });
    const made = await services.call('POST', '/api/v1/api-keys', { token, body: { name: 'ci', role: 'viewer' } });
    const { key } = made.body;
    const who = { kind: 'key', email: null, name: 'ci', account, role: 'viewer' };
    expect((await services.call('GET', PATH, { token: key })).body).toEqual(who);
    expect((await services.call('GET', PATH)).status).toBe(401);
    for (const other of [token, key]) {
      expect((await services.call('DELETE', PATH, { token: other })).body.code).toBe('conflict');
    }
  });

  test('the cookie is Secure when the request came by https', async () => {
    const { url } = await newApp({ config: { trustProxy: 1 } });
    for (const proto of ['https', 'http']) {
      const answer = await request(url)
        .post(PATH)
        .set('x-forwarded-proto', proto)
        .send({ ...credentials(), cookie: true });
      expect(String(answer.headers['set-cookie']).includes('; Secure')).toBe(proto === 'https');
    }
  });

  test('a wrong password sets no cookie', async () => {
    const answer = await services.call('POST', PATH, { body: { ...credentials(), password: 'wrong', cookie: true } });
    expect([answer.status, answer.headers['set-cookie']]).toEqual([401, undefined]);
  });

  test('fixation: a login makes a new token and ends the session that the browser had; what never was one is none', async () => {
    const first = await logIn();
    const second = await logIn(credentials(), { cookie: first });
    expect(second).not.toBe(first);
    expect([(await whoAmI(first)).status, (await whoAmI(second)).status]).toEqual([401, 200]);
    const planted = `pockethook_session=${'A'.repeat(43)}`;
    const third = await logIn(credentials(), { cookie: planted });
    expect([(await whoAmI(planted)).status, (await whoAmI(third)).status]).toEqual([401, 200]);
    for (const none of ['pockethook_session=', 'pockethook_session=x', `x${third}`, `${third}; ${second}`, 'a=b']) {
      expect((await whoAmI(none)).status).toBe(401);
    }
    expect((await whoAmI(`a=b; ${third};c=d`)).status).toBe(200);
  });

  test('a logout ends it in every API process, another session goes on; it survives a restart', async () => {
    const [mine, other] = [await logIn(), await logIn()];
    const second = await newApp();
    expect((await whoAmI(mine, second.url)).status).toBe(200);
    const out = await services.call('DELETE', PATH, { headers: { cookie: mine, ...CSRF } });
    expect(out.status).toBe(204);
    expect(String(out.headers['set-cookie'])).toMatch(/^pockethook_session=; Path=\/api; Expires=Thu, 01 Jan 1970/);
    expect([(await whoAmI(mine)).status, (await whoAmI(mine, second.url)).status]).toEqual([401, 401]);
    await second.stop();
    apps = [];
    expect((await whoAmI(other, (await newApp()).url)).status).toBe(200);
  });

  test('a change of the password ends it at once', async () => {
    const { email } = await services.user('admin');
    const cookie = await logIn({ email, password: 'a password of some length' });
    expect((await whoAmI(cookie)).status).toBe(200);
    const users = services.pb.collection('users');
    const { id } = await users.getFirstListItem(services.pb.filter('email = {:email}', { email }));
    await users.update(id, { password: 'another password', passwordConfirm: 'another password' });
    expect((await whoAmI(cookie)).status).toBe(401);
  });

  test('a header counts before the cookie, and its role is checked', async () => {
    const cookie = await logIn();
    const { token } = await services.user('viewer');
    const both = { cookie, authorization: `Bearer ${token}` };
    expect((await request(services.url).get('/api/v1/audit').set(both)).status).toBe(403);
    expect((await request(services.url).get('/api/v1/audit').set({ cookie })).status).toBe(200);
    const broken = await request(services.url).get(PATH).set({ cookie, authorization: 'Bearer nothing' });
    expect(broken.status).toBe(401);
  });

  describe('changes with a cookie', () => {
    const { host } = { host: () => new URL(services.url).host };
    const own = () => `http://${host()}`;
    const cases: [what: string, headers: () => Record<string, string>, allowed: boolean][] = [
      ['no header', () => ({}), false],
      ['the header', () => CSRF, true],
      ['the header with another value', () => ({ 'x-pockethook-csrf': 'true' }), false],
      ['its own origin', () => ({ ...CSRF, origin: own() }), true],
      ['its own origin behind TLS', () => ({ ...CSRF, origin: `https://${host()}` }), true],
      ['its own origin, and no header', () => ({ origin: own() }), false],
      ['another origin', () => ({ ...CSRF, origin: 'https://evil.example' }), false],
      ['another port', () => ({ ...CSRF, origin: 'http://127.0.0.1:1' }), false],
      ['an origin that only begins the same', () => ({ ...CSRF, origin: `${own()}.evil.example` }), false],
      ['an opaque origin', () => ({ ...CSRF, origin: 'null' }), false],
      ['what is no origin', () => ({ ...CSRF, origin: '%' }), false],
      ['a page of the same origin', () => ({ ...CSRF, 'sec-fetch-site': 'same-origin', origin: own() }), true],
      ['the person themselves', () => ({ ...CSRF, 'sec-fetch-site': 'none' }), true],
      ['a page of the same site', () => ({ ...CSRF, 'sec-fetch-site': 'same-site', origin: own() }), false],
      ['a page of another site', () => ({ ...CSRF, 'sec-fetch-site': 'cross-site' }), false],
      ['a page of the same origin, and no header', () => ({ 'sec-fetch-site': 'same-origin' }), false],
    ];
    let cookie: string;
    beforeAll(async () => {
      cookie = await logIn();
    });

    test.each(cases)('%s', async (_what, headers, allowed) => {
      const methods: [string, Test][] = [
        ['POST', request(services.url).post('/api/v1/sources').send({})],
        ['PATCH', request(services.url).patch('/api/v1/sources/nosuchrecord123').send({ name: 'x' })],
        ['DELETE', request(services.url).delete('/api/v1/sources/nosuchrecord123')],
      ];
      for (const [method, asked] of methods) {
        const { status, body } = await asked.set({ cookie, ...headers() });
        if (allowed) expect([method, status]).toEqual([method, method === 'POST' ? 400 : 404]);
        else expect([method, status, body.code]).toEqual([method, 403, 'cross_site_request']);
      }
      for (const method of ['get', 'head'] as const) {
        expect(
          (
            await request(services.url)
              [method](PATH)
              .set({ cookie, ...headers() })
          ).status,
        ).toBe(200);
      }
    });

    test('a form of another site logs nobody in', async () => {
      const body = { ...credentials(), cookie: true };
      const evil = { origin: 'https://evil.example' };
      const forged = await services.call('POST', PATH, { body, headers: evil });
      expect([forged.body.code, forged.headers['set-cookie']]).toEqual(['cross_site_request', undefined]);
      const form = await request(services.url).post(PATH).type('text/plain').send(JSON.stringify(body));
      expect([form.status, form.headers['set-cookie']]).toEqual([400, undefined]);
      const preflight = await request(services.url)
        .options('/api/v1/sources')
        .set({
          ...evil,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-pockethook-csrf',
        });
      expect(preflight.headers['access-control-allow-origin']).toBeUndefined();
    });
  });
});
