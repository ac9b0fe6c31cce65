import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { describeWithServices } from '../support/pocketbase.ts';
import { until } from '../support/until.ts';
import { type Services, startServices } from './openapi-services.ts';

const aToken = () => `secret_${randomBytes(24).toString('base64url')}`;
const TASK = { action: 'changed', resource: { gid: '1337', resource_type: 'task' }, user: { gid: '1' } };
const PAGE = { id: randomUUID(), type: 'page.created', entity: { id: 'p1', type: 'page' } };

describeWithServices('secrets that handshakes bring', () => {
  let services: Services;
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(async () => {
    await services?.stop();
  });

  /** A source that waits, of an account with an admin and a viewer. */
  async function waiting(preset: 'asana' | 'notion') {
    const admin = await services.user('admin');
    const viewer = await services.user('viewer', admin.account);
    const body = { name: `s-${randomUUID()}`, preset };
    const made = await services.call('POST', '/api/v1/sources', { token: admin.token, body });
    expect([made.status, made.body.enabled, made.body.secrets]).toEqual([201, true, []]);
    const { id, name } = made.body;
    const params = { id };
    const as = (token: string) => ({
      read: async () => (await services.call('GET', '/api/v1/sources/{id}', { token, params })).body,
      reveal: (headers = {}) => services.call('POST', '/api/v1/sources/{id}/reveal', { token, params, headers }),
      change: (body: object) => services.call('PATCH', '/api/v1/sources/{id}', { token, params, body }),
    });
    return { id, name, account: admin.account, admin: as(admin.token), viewer: as(viewer.token), token: admin.token };
  }

  /** As a vendor does it, whose answers have no body to be checked against the contract. */
  async function post(source: string, body: object, headers: Record<string, string> = {}) {
    const given = { 'content-type': 'application/json', ...headers };
    const answer = await fetch(`${services.url}/ingest/${source}`, {
      method: 'POST',
      headers: given,
      body: JSON.stringify(body),
    });
    return { status: answer.status, secret: answer.headers.get('x-hook-secret'), text: await answer.text() };
  }
  const hex = (secret: string, body: object) => createHmac('sha256', secret).update(JSON.stringify(body)).digest('hex');
  const byAsana = (secret: string, body: object) => ({ 'x-hook-signature': hex(secret, body) });
  const byNotion = (secret: string, body: object) => ({ 'x-notion-signature': `sha256=${hex(secret, body)}` });
  const shake = (source: string, secret: string) => post(source, {}, { 'x-hook-secret': secret });

  async function rowsOf(path: '/api/v1/events' | '/api/v1/rejections' | '/api/v1/audit', token: string) {
    const { body } = await services.call('GET', path, { token });
    return body.data as { source: string; code: string; detail: string; actor: string; via: string; action: string }[];
  }

  /** Asks until so many are written down: that happens behind the answers. */
  const rejectionsOf = (token: string, count: number) =>
    until('the rejections', async () => {
      const rows = await rowsOf('/api/v1/rejections', token);
      return rows.length >= count ? rows : undefined;
    });

  it('Asana: the first handshake gives the source its secret, and the same one may come again', async () => {
    const { name, admin, token } = await waiting('asana');
    const [secret, other] = [aToken(), aToken()];
    const body = { events: [TASK] };
    // Neither an event without a signature nor one that somebody signed.
    expect((await post(name, body)).status).toBe(401);
    expect((await post(name, body, byAsana('', body))).status).toBe(401);
    for (const _ of [1, 2]) {
      const answered = await shake(name, secret);
      expect(answered).toEqual({ status: 200, secret, text: '' });
    }
    const refused = await shake(name, other);
    expect([refused.status, refused.secret]).toEqual([409, null]);
    expect(JSON.parse(refused.text)).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('take the secret out of the source'),
    });

    expect((await post(name, body, byAsana(secret, body))).status).toBe(200);
    expect((await post(name, body, byAsana(other, body))).status).toBe(401);
    expect((await post(name, { events: [] }, byAsana(secret, { events: [] }))).status).toBe(200);
    const events = await rowsOf('/api/v1/events', token);
    expect(events).toEqual([expect.objectContaining({ type: 'task.changed' })]);
    const rejections = await rejectionsOf(token, 4);
    expect(rejections.map(({ code }) => code)).toEqual([
      'invalid_signature',
      'conflict',
      'invalid_signature',
      'invalid_signature',
    ]);
    expect(rejections.at(-1)?.detail).toContain('waits for the handshake');

    // It was sent back, so nobody needs to see it.
    expect((await admin.read()).secret_unshown).toBe(false);
    expect((await admin.reveal()).status).toBe(409);
    const [row] = (await rowsOf('/api/v1/audit', token)).filter(({ action }) => action === 'source.update');
    expect(row).toMatchObject({ actor: `source:${name}`, via: 'handshake' });
    const stored = await services.pb.send('/api/collections/sources/records', {
      query: { filter: `name = "${name}"` },
    });
    const seen = JSON.stringify([events, rejections, row, stored, services.lines, await admin.read()]);
    for (const text of [secret, other]) expect(seen).not.toContain(text);

    // Who takes it out lets the next one in.
    expect((await admin.change({ secrets: [] })).body.secrets).toEqual([]);
    expect((await post(name, body, byAsana(secret, body))).status).toBe(401);
    expect((await shake(name, other)).status).toBe(200);
    expect((await post(name, body, byAsana(other, body))).status).toBe(200);
  });

  it('of handshakes at the same time one wins', async () => {
    const { name } = await waiting('asana');
    const secrets = Array.from({ length: 6 }, aToken);
    const answers = await Promise.all(secrets.map((secret) => shake(name, secret)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    const winner = secrets[answers.findIndex(({ status }) => status === 200)] as string;
    const body = { events: [TASK] };
    for (const secret of secrets)
      expect((await post(name, body, byAsana(secret, body))).status).toBe(secret === winner ? 200 : 401);
  });

  it('Notion: its token is shown once, to an admin, and a repeated request gets it again', async () => {
    const { name, admin, viewer, token } = await waiting('notion');
    const secret = aToken();
    expect((await admin.reveal()).status).toBe(409);
    expect((await post(name, PAGE)).status).toBe(401);
    const answered = await post(name, { verification_token: secret });
    expect([answered.status, answered.text]).toEqual([200, '']);
    expect((await post(name, { verification_token: aToken() })).status).toBe(409);
    const shown = await viewer.read();
    expect([shown.secret_unshown, shown.secrets]).toEqual([true, [`••••${secret.slice(-4)}`]]);
    expect((await viewer.reveal()).status).toBe(403);
    const stranger = await services.user('admin');
    const params = { id: shown.id };
    const theirs = await services.call('POST', '/api/v1/sources/{id}/reveal', { token: stranger.token, params });
    expect(theirs.status).toBe(404);

    const key = { 'Idempotency-Key': randomUUID() };
    const revealed = await admin.reveal(key);
    expect([revealed.status, revealed.body, revealed.headers['cache-control']]).toEqual([200, { secret }, 'no-store']);
    expect((await admin.reveal(key)).body).toEqual({ secret });
    expect((await admin.reveal()).status).toBe(409);
    expect((await viewer.read()).secret_unshown).toBe(false);

    expect((await post(name, PAGE, byNotion(secret, PAGE))).status).toBe(202);
    // What is signed is an event, whatever it holds.
    const odd = { ...PAGE, id: randomUUID(), verification_token: aToken() };
    expect((await post(name, odd, byNotion(secret, odd))).status).toBe(202);
    const audit = await rowsOf('/api/v1/audit', token);
    expect(audit.filter(({ action }) => action === 'source.reveal')).toHaveLength(1);
    const seen = JSON.stringify([audit, await rejectionsOf(token, 2), services.lines]);
    expect(seen).not.toContain(secret);
  });

  it('a secret that somebody set is never shown', async () => {
    const { name, admin } = await waiting('notion');
    expect((await post(name, { verification_token: aToken() })).status).toBe(200);
    const changed = await admin.change({ secrets: ['set by an admin'] });
    expect([changed.status, changed.body.secret_unshown]).toEqual([200, false]);
    expect((await admin.reveal()).status).toBe(409);
    const forged = await admin.change({ secret_unshown: true });
    expect(forged.status).toBe(400);
  });

  it.each([
    ['hmac', {}, true],
    ['hmac', { secret_from: 'query.secret' }, false],
    ['hmac', { secret_from: 'body.secrets.*' }, false],
    ['hmac', { secret_from: 'headers.x-hello' }, true],
    ['token', { secret_from: 'headers.x-hello' }, true],
  ])('%s with %j: saved %s', async (verification, more, saved) => {
    const body = { name: `s-${randomUUID()}`, verification, verification_options: { header: 'x-signature', ...more } };
    const made = await services.call('POST', '/api/v1/sources', { token: services.operator, body });
    expect(made.status).toBe(saved ? 201 : 400);
  });
});
