import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { describeWithServices } from '../support/pocketbase.ts';
import { type CallOptions, type Services, startServices } from './openapi-services.ts';

let services: Services;
let receiver: Server;
let url: string;
const received: { headers: IncomingMessage['headers']; body: string }[] = [];

const MANY = '/api/v1/webhooks';
const ONE = '/api/v1/webhooks/{id}';
const AT_MOST = 10;

describeWithServices('webhooks', () => {
  beforeAll(async () => {
    services = await startServices();
    receiver = createServer(async (request, response) => {
      received.push({ headers: request.headers, body: await text(request) });
      response.end();
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  });
  afterAll(async () => {
    receiver?.close();
    await services?.stop();
  });

  const create = (token: string, body: object = { url }) => services.call('POST', MANY, { token, body });
  const at = (token: string, id: string, more: CallOptions = {}): CallOptions => ({ token, params: { id }, ...more });

  /** The secrets that the request of a test event is signed with, of those given. */
  async function signedWith(token: string, id: string, secrets: string[]): Promise<string[]> {
    expect((await services.call('POST', `${ONE}/test`, at(token, id))).body.outcome).toBe('success');
    const { headers, body } = received.at(-1) as (typeof received)[number];
    return secrets.filter((secret) => {
      try {
        new Webhook(secret).verify(body, headers as Record<string, string>);
        return true;
      } catch {
        return false;
      }
    });
  }

  it('show their secret once, and requests are signed with it', async () => {
    const { token } = await services.user('admin');
    const made = await create(token, { url, description: 'Alerts' });
    expect(made.status).toBe(201);
    const { id, secret } = made.body;
    expect(made.body).toMatchObject({ url, description: 'Alerts', enabled: true, triggers: [], sites: [] });
    const read = (await services.call('GET', ONE, at(token, id))).body;
    expect(read).toMatchObject({ id, url, health: { state: 'closed' } });
    expect(JSON.stringify([read, (await services.call('GET', MANY, { token })).body])).not.toContain(secret);
    expect(await signedWith(token, id, [secret])).toEqual([secret]);
  });

  it('are the same for a repeated request, and only one', async () => {
    const { token } = await services.user('admin');
    const asked = { token, body: { url }, headers: { 'idempotency-key': 'once' } };
    const first = await services.call('POST', MANY, asked);
    const second = await services.call('POST', MANY, asked);
    expect(second.body).toEqual(first.body);
    expect((await services.call('GET', MANY, { token })).body.data).toHaveLength(1);
  });

  it('are changed, disabled and deleted', async () => {
    const { token } = await services.user('admin');
    const { id } = (await create(token)).body;
    const changed = (await services.call('PATCH', ONE, at(token, id, { body: { enabled: false, description: 'b' } })))
      .body;
    expect(changed).toMatchObject({ enabled: false, description: 'b', url });
    expect(changed.secret).toBeUndefined();
    expect((await services.call('DELETE', ONE, at(token, id))).status).toBe(204);
    expect((await services.call('GET', ONE, at(token, id))).status).toBe(404);
  });

  it('get a new secret when the URL leads to another server, none when it stays there', async () => {
    const { token } = await services.user('admin');
    const { id, secret } = (await create(token)).body;
    const moved = (await services.call('PATCH', ONE, at(token, id, { body: { url: 'http://127.0.0.2:9999/' } }))).body;
    expect(moved.secret).toMatch(/^whsec_/);
    expect(moved.secret).not.toBe(secret);
    const back = (await services.call('PATCH', ONE, at(token, id, { body: { url: 'http://127.0.0.2:9999/b' } }))).body;
    expect(back.secret).toBeUndefined();
  });

  it('rotate their secret: signed with both until the overlap is over, with the new one alone without', async () => {
    const { token } = await services.user('admin');
    const { id, secret: first } = (await create(token)).body;
    const rotated = (await services.call('POST', `${ONE}/rotate-secret`, at(token, id))).body;
    const ends = Date.parse(rotated.secret_overlap_until);
    expect(Math.abs(ends - Date.now() - 24 * 3_600_000)).toBeLessThan(3_600_000);
    const all = [first, rotated.secret];
    expect(await signedWith(token, id, all)).toEqual(all);
    const again = (await services.call('POST', `${ONE}/rotate-secret`, at(token, id, { body: { overlap: '0s' } })))
      .body;
    expect(again.secret_overlap_until).toBeNull();
    expect(await signedWith(token, id, [...all, again.secret])).toEqual([again.secret]);
    const tooLong = at(token, id, { body: { overlap: '8d' } });
    expect((await services.call('POST', `${ONE}/rotate-secret`, tooLong)).body.errors[0].field).toBe('/overlap');
  });

  it('say which triggers notify them', async () => {
    const { token } = await services.user('admin');
    const { id } = (await create(token)).body;
    const site = (await services.call('POST', '/api/v1/sites', { token, body: { domain: `${id}.example` } })).body.id;
    const body = { name: 'Spike', site, type: 'visitor_spike', threshold: 10, destinations: [id] };
    const trigger = (await services.call('POST', '/api/v1/triggers', { token, body })).body.id;
    const read = (await services.call('GET', ONE, at(token, id))).body;
    expect(read).toMatchObject({ triggers: [trigger], sites: [site] });
  });

  it('are 10 at most, also when many are asked for at once', async () => {
    const { token } = await services.user('admin');
    const answers = await Promise.all(Array.from({ length: 20 }, () => create(token)));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(AT_MOST).fill(201), ...Array(AT_MOST).fill(409)]);
    const refused = answers.find(({ status }) => status === 409)?.body;
    expect(refused).toMatchObject({ code: 'conflict', detail: expect.stringContaining('10 webhooks') });
    const [first] = (await services.call('GET', MANY, { token })).body.data;
    await services.call('DELETE', ONE, at(token, first.id));
    expect((await create(token)).status).toBe(201);
  });

  it('are bounded in the dashboard too, and an operator may allow an account more', async () => {
    const { token, account } = await services.user('admin');
    const save = (n: number) =>
      services.pb
        .collection('destinations')
        .create({ name: `d${n}`, type: 'http', url, enabled: true, notifications: true, account });
    for (let n = 0; n < AT_MOST; n++) await save(n);
    await expect(save(AT_MOST)).rejects.toMatchObject({ response: { data: { notifications: { code: 'conflict' } } } });
    const other = await services.pb
      .collection('destinations')
      .create({ name: 'e', type: 'http', url, enabled: true, account });
    const turned = services.pb.collection('destinations').update(other.id, { notifications: true });
    await expect(turned).rejects.toMatchObject({ response: { data: { notifications: { code: 'conflict' } } } });
    expect((await create(token)).status).toBe(409);
    await services.pb.collection('accounts').update(account, { webhooks_at_most: 11 });
    expect((await create(token)).status).toBe(201);
    expect((await create(token)).status).toBe(409);
  });

  it("are an account's own, written by admins, and no other destinations", async () => {
    const { token, account } = await services.user('admin');
    const { id } = (await create(token)).body;
    const viewer = (await services.user('viewer', account)).token;
    expect((await services.call('GET', ONE, at(viewer, id))).status).toBe(200);
    expect((await create(viewer)).status).toBe(403);
    expect((await services.call('POST', `${ONE}/rotate-secret`, at(viewer, id))).status).toBe(403);
    const stranger = (await services.user('admin')).token;
    for (const [method, path] of [
      ['GET', ONE],
      ['DELETE', ONE],
      ['POST', `${ONE}/test`],
      ['POST', `${ONE}/rotate-secret`],
    ] as const)
      expect((await services.call(method, path, at(stranger, id))).status).toBe(404);
    expect((await services.call('GET', MANY, { token: stranger })).body.data).toEqual([]);
    const plain = { name: 'plain', type: 'http', url };
    const other = (await services.call('POST', '/api/v1/destinations', { token, body: plain })).body.id;
    expect((await services.call('GET', ONE, at(token, other))).status).toBe(404);
  });

  it.each(['ftp://example.com', 'https://10.0.0.1/', 'https://user:pw@example.com/', 'not a url'])(
    'refuse %s',
    async (bad) => {
      const { token } = await services.user('admin');
      const { status, body } = await create(token, { url: bad });
      expect([status, body.errors?.[0]?.field]).toEqual([400, '/url']);
    },
  );
});
