import request from 'supertest';
import { describeWithServices, startApp, type TestApp } from '../support/services.ts';
import { until } from '../support/until.ts';
import { type Services, startServices } from './openapi-services.ts';

const [USERS, USER, LINK] = ['/api/v1/users', '/api/v1/users/{id}', '/api/v1/users/{id}/link'] as const;
const [SESSION, PASSWORD] = ['/api/v1/session', '/api/v1/session/password'] as const;
const OLD = 'a password of some length';
const NEW = 'another password';
const CSRF = { 'x-pockethook-csrf': '1' };

let services: Services;
let admin: Awaited<ReturnType<Services['user']>>;
let other: Awaited<ReturnType<Services['user']>>;
let count = 0;

const apps: TestApp[] = [];
async function newApp(overrides: Parameters<typeof startApp>[1] = {}): Promise<TestApp> {
  const app = await startApp(services.pocketbase, overrides);
  apps.push(app);
  return app;
}

const newEmail = () => `person-${++count}@example.com`;
const tokenIn = (link: string) => link.split('#')[1] as string;
const add = (fields: object = {}, token = admin.token, headers = {}) =>
  services.call('POST', USERS, { token, headers, body: { email: newEmail(), role: 'viewer', ...fields } });
const setPassword = (link: string, password = NEW) =>
  services.call('POST', PASSWORD, { body: { token: tokenIn(link), password } });
const logIn = (email: string, password: string, more = {}) =>
  services.call('POST', SESSION, { body: { email, password, ...more } });
const idOf = async (email: string) =>
  (await services.pb.collection('users').getFirstListItem(services.pb.filter('email = {:email}', { email }))).id;
const change = (id: string, body: object, token = admin.token) =>
  services.call('PATCH', USER, { token, params: { id }, body });

describeWithServices('users', () => {
  beforeAll(async () => {
    services = await startServices();
    admin = await services.user('admin');
    other = await services.user('admin');
  });
  afterAll(async () => {
    for (const app of apps) await app.stop();
    await services?.stop();
  });

  test('who is added gets a link that sets the password, once', async () => {
    const made = await add({ name: 'Ada' });
    const { id, email, link, ...rest } = made.body;
    expect(made.status).toBe(201);
    expect(rest).toMatchObject({ name: 'Ada', role: 'viewer', account: admin.account, deactivated: false });
    expect(link).toMatch(new RegExp(`^${services.url}/welcome#[\\w-]{43}$`));
    expect(Date.parse(rest.link_expires_at) - Date.now()).toBeGreaterThan(71 * 3_600_000);

    expect((await setPassword(link, 'short')).body).toMatchObject({
      code: 'validation_failed',
      errors: [{ field: '/password' }],
    });
    expect((await setPassword(link, 'ä'.repeat(40))).body).toMatchObject({
      code: 'validation_failed',
      errors: [{ field: '/password' }],
    });
    const set = await setPassword(link);
    expect([set.status, set.body]).toEqual([200, { email }]);
    expect((await setPassword(link, OLD)).body.code).toBe('invalid_link');
    expect((await logIn(email, NEW)).body).toMatchObject({ account: admin.account, role: 'viewer' });
    const got = await services.call('GET', USER, { token: admin.token, params: { id } });
    expect(got.body.link_expires_at).toBeNull();
    // The token is nowhere: neither stored, nor logged, nor in the audit.
    const rows = await services.pb
      .collection('audit')
      .getFullList({ filter: services.pb.filter('subject = {:id}', { id }) });
    const stored = await services.pb.collection('users').getOne(id);
    for (const secret of [tokenIn(link), NEW]) {
      expect(JSON.stringify([rows, stored, services.lines])).not.toContain(secret);
    }
    expect(rows.map(({ action, actor }) => [action, actor])).toEqual(
      expect.arrayContaining([
        ['user.create', `user:${admin.email}`],
        ['user.update', `user:${email}`],
        ['session.open', `user:${email}`],
      ]),
    );
  });

  test('a new link revokes the one before; the password stays until it is used', async () => {
    const { body: first } = await add();
    const again = () => services.call('POST', LINK, { token: admin.token, params: { id: first.id } });
    const { body: second } = await again();
    expect((await setPassword(first.link)).body.code).toBe('invalid_link');
    expect((await setPassword(second.link, OLD)).status).toBe(200);
    const { body: reset } = await again();
    expect((await logIn(first.email, OLD)).status).toBe(200);
    expect((await setPassword(reset.link, NEW)).status).toBe(200);
    expect([(await logIn(first.email, OLD)).status, (await logIn(first.email, NEW)).status]).toEqual([401, 200]);
  });

  test('a repeated request adds nobody, and shows the same link', async () => {
    const body = { email: newEmail(), role: 'viewer' };
    const once = { token: admin.token, headers: { 'idempotency-key': 'add-somebody' }, body };
    const [first, second] = [await services.call('POST', USERS, once), await services.call('POST', USERS, once)];
    expect([second.body.id, second.body.link]).toEqual([first.body.id, first.body.link]);
    await setPassword(first.body.link);
    expect((await services.call('POST', USERS, once)).body.code).toBe('conflict');
  });

  test('links lead to the console where PUBLIC_URL says that it is', async () => {
    const app = await newApp({ config: { publicUrl: 'https://hooks.example.com' } });
    const answer = await request(app.url)
      .post(USERS)
      .set('authorization', `Bearer ${admin.token}`)
      .send({ email: newEmail(), role: 'viewer' });
    expect(answer.body.link).toMatch(/^https:\/\/hooks\.example\.com\/welcome#/);
  });

  test.each([
    ['an e-mail of the account', () => ({ email: admin.email })],
    ['an e-mail of another account', () => ({ email: other.email })],
    ['another role', () => ({ role: 'operator' })],
    ['no e-mail', () => ({ email: 'ada' })],
    ['a password', () => ({ password: OLD })],
    ['a long name', () => ({ name: 'x'.repeat(101) })],
  ])('%s is refused', async (_what, fields) => {
    const refused = await add(fields());
    expect([400, 409]).toContain(refused.status);
    expect(JSON.stringify(refused.body)).not.toContain(other.account);
  });

  test('accounts are kept apart', async () => {
    const { body: user } = await add();
    const params = { id: user.id };
    for (const asked of [
      services.call('GET', USER, { token: other.token, params }),
      services.call('PATCH', USER, { token: other.token, params, body: { role: 'admin' } }),
      services.call('DELETE', USER, { token: other.token, params }),
      services.call('POST', LINK, { token: other.token, params }),
    ]) {
      expect((await asked).status).toBe(404);
    }
    expect((await add({ account: admin.account }, other.token)).body.code).toBe('forbidden');
    const { body: list } = await services.call('GET', USERS, { token: other.token });
    expect(list.data.map(({ email }: { email: string }) => email)).toEqual([other.email]);
    const { token: viewer } = await services.user('viewer', admin.account);
    expect((await services.call('GET', USERS, { token: viewer })).status).toBe(403);
    expect((await add({}, services.operator)).body.errors).toEqual([{ field: '/account', message: expect.anything() }]);
    expect((await add({ account: other.account }, services.operator)).body.account).toBe(other.account);
  });

  test('the last active admin stays, unless an operator asks', async () => {
    const alone = await services.user('admin');
    const id = await idOf(alone.email);
    for (const fields of [{ role: 'viewer' }, { deactivated: true }]) {
      const refused = await change(id, fields, alone.token);
      expect(refused.body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('last active admin') });
    }
    const removed = await services.call('DELETE', USER, { token: alone.token, params: { id } });
    expect(removed.body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('last active admin') });
    expect((await change(id, { name: 'Alone' }, alone.token)).body.name).toBe('Alone');
    expect((await change(id, { role: 'viewer' }, services.operator)).body.role).toBe('viewer');
  });

  test('a deactivation ends sessions, tokens and keys at once, in every API process', async () => {
    const { body: user } = await add({ role: 'admin' });
    await setPassword(user.link);
    const token = (await logIn(user.email, NEW)).body.token;
    const cookie = String((await logIn(user.email, NEW, { cookie: true })).headers['set-cookie']).split(
      ';',
    )[0] as string;
    const { key } = (await services.call('POST', '/api/v1/api-keys', { token, body: { name: 'mine', role: 'admin' } }))
      .body;
    const second = (
      await services.call('POST', '/api/v1/api-keys', { token: key, body: { name: 'with a key', role: 'viewer' } })
    ).body.key;
    const app = await newApp();
    const ways = [
      { authorization: `Bearer ${token}` },
      { cookie },
      { authorization: `Bearer ${key}` },
      { authorization: `Bearer ${second}` },
    ];
    const statuses = () =>
      Promise.all(
        [services.url, app.url].flatMap((url) =>
          ways.map(async (way) => (await request(url).get(SESSION).set(way)).status),
        ),
      );
    expect(await statuses()).toEqual(Array(8).fill(200));
    expect((await change(user.id, { deactivated: true })).body.deactivated).toBe(true);
    // In the process that did it at once; the other one hears of it.
    expect((await statuses()).slice(0, 4)).toEqual(Array(4).fill(401));
    await until('the other process', async () => (await statuses()).every((status) => status === 401) || undefined);
    // As if the password were wrong.
    const [deactivated, wrong] = [await logIn(user.email, NEW), await logIn(user.email, 'wrong')];
    expect([deactivated.status, deactivated.body.detail]).toEqual([401, wrong.body.detail]);
    const link = () => services.call('POST', LINK, { token: admin.token, params: { id: user.id } });
    expect((await link()).body.code).toBe('conflict');
    await change(user.id, { deactivated: false });
    expect((await logIn(user.email, NEW)).status).toBe(200);
    expect((await request(services.url).get(SESSION).set({ cookie })).status).toBe(401);
  });

  test('a revoked key is refused at once', async () => {
    const { body } = await services.call('POST', '/api/v1/api-keys', {
      token: admin.token,
      body: { name: 'k', role: 'viewer' },
    });
    expect((await services.call('GET', SESSION, { token: body.key })).status).toBe(200);
    await services.call('DELETE', '/api/v1/api-keys/{id}', { token: admin.token, params: { id: body.id } });
    expect((await services.call('GET', SESSION, { token: body.key })).status).toBe(401);
  });

  describe('a change of one’s own password', () => {
    const change = (
      way: { token?: string; headers?: Record<string, string> },
      current_password: string,
      password = NEW,
    ) => services.call('PATCH', PASSWORD, { ...way, body: { current_password, password } });

    test('ends every session but that of the browser that asks', async () => {
      const { email, token } = await services.user('viewer', admin.account);
      const browser = async () =>
        String((await logIn(email, OLD, { cookie: true })).headers['set-cookie']).split(';')[0] as string;
      const [mine, elsewhere] = [await browser(), await browser()];
      const status = async (cookie: string) => (await request(services.url).get(SESSION).set({ cookie })).status;
      const headers = { cookie: mine, ...CSRF };
      expect((await change({ headers }, 'wrong')).body.code).toBe('invalid_credentials');
      expect((await change({ headers }, OLD, 'short')).body.code).toBe('validation_failed');
      expect((await change({ headers: { cookie: mine } }, OLD)).body.code).toBe('cross_site_request');
      expect(await status(elsewhere)).toBe(200);
      const changed = await change({ headers }, OLD);
      const renewed = String(changed.headers['set-cookie']).split(';')[0] as string;
      expect(changed.status).toBe(204);
      expect([await status(mine), await status(elsewhere), await status(renewed)]).toEqual([401, 401, 200]);
      expect((await services.call('GET', SESSION, { token })).status).toBe(401);
      expect([(await logIn(email, OLD)).status, (await logIn(email, NEW)).status]).toEqual([401, 200]);
    });

    test('takes a person; guesses are limited', async () => {
      const { key } = (
        await services.call('POST', '/api/v1/api-keys', { token: admin.token, body: { name: 'k', role: 'viewer' } })
      ).body;
      expect((await change({ token: key }, OLD)).body.code).toBe('forbidden');
      const { token } = await services.user('viewer', admin.account);
      for (let n = 0; n < 20; n++) expect((await change({ token }, `guess ${n}`)).status).toBe(401);
      expect((await change({ token }, OLD)).body.code).toBe('too_many_requests');
    });
  });

  test('guesses at links are limited by address', async () => {
    const guess = () => setPassword(`#${'A'.repeat(43)}`);
    const statuses = [];
    for (let n = 0; n < 21; n++) statuses.push((await guess()).status);
    expect(statuses.at(-1)).toBe(429);
    expect(statuses.filter((status) => status === 401).length).toBeGreaterThan(10);
    const evil = { origin: 'https://evil.example' };
    const forged = await services.call('POST', PASSWORD, { headers: evil, body: { token: 'A', password: NEW } });
    expect([403, 429]).toContain(forged.status);
  });
});
