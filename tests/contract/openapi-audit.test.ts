import { randomUUID } from 'node:crypto';
import { describeWithServices } from '../support/pocketbase.ts';
import { type Services, startServices } from './openapi-services.ts';

let services: Services;

describeWithServices('the audit', () => {
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.stop());

  const list = (query: Record<string, string | number>, token = services.operator) =>
    services.call('GET', '/api/v1/audit', { token, query });
  const create = async (token: string, fields: object = {}) => {
    const body = { name: 'd', type: 'http', url: 'https://example.com/', ...fields };
    return (await services.call('POST', '/api/v1/destinations', { token, body })).body;
  };

  it('tells of a change who, how, what, before and after, and of no secret; whichever way it was made', async () => {
    const { token, account, email } = await services.user('admin');
    const headers = { 'x-correlation-id': randomUUID() };
    const made = await create(token, { headers: { authorization: 'Bearer canary-of-a-header' } });
    const params = { id: made.id };
    const change = (name: string, userAgent: string) =>
      services.call('PATCH', '/api/v1/destinations/{id}', {
        token,
        params,
        body: { name },
        headers: { ...headers, 'user-agent': userAgent, 'content-type': 'application/json' },
      });
    await change('by the API', 'curl');
    await change('by the command line', 'pockethook-cli (destinations)');
    await change('by a file', 'pockethook-cli (apply)');
    await services.pb.collection('destinations').update(made.id, { enabled: false });
    const refused = { token, params, body: { url: 'http://10.0.0.1/' } };
    expect((await services.call('PATCH', '/api/v1/destinations/{id}', refused)).status).toBe(400);

    const { data } = (await list({ subject: made.id })).body;
    const operator = `operator:${services.pocketbase.email}`;
    expect(data.map((row: Record<string, unknown>) => [row.action, row.actor, row.via])).toEqual([
      ['destination.update', operator, 'dashboard'],
      ['destination.update', `user:${email}`, 'apply'],
      ['destination.update', `user:${email}`, 'cli'],
      ['destination.update', `user:${email}`, 'api'],
      ['destination.create', `user:${email}`, 'api'],
    ]);
    expect(data[0].detail).toEqual({ name: 'by a file', changes: { enabled: { from: true, to: false } } });
    expect(data[3]).toMatchObject({
      account,
      correlation_id: headers['x-correlation-id'],
      detail: { changes: { name: { from: 'd', to: 'by the API' } } },
    });
    expect(data[4].detail.changes.secrets).toEqual({ to: [`••••${made.secrets[0].slice(-4)}`] });
    expect(JSON.stringify(data)).not.toMatch(/canary|whsec_|enc:v1/);
    expect((await list({ subject: made.id, action: 'destination.create' })).body.data).toEqual([data[4]]);
  });

  it('goes in pages', async () => {
    const { id } = await create(services.operator);
    for (const name of ['a', 'b', 'c', 'd'])
      await services.call('PATCH', '/api/v1/destinations/{id}', {
        token: services.operator,
        params: { id },
        body: { name: `${name}2` },
      });
    const first = (await list({ subject: id, limit: 2 })).body;
    const second = (await list({ subject: id, limit: 3, cursor: first.next_cursor })).body;
    expect([first.data.length, second.data.length, second.next_cursor]).toEqual([2, 3, null]);
    expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(5);
    expect((await list({ cursor: 'x' })).status).toBe(400);
  });

  it('is for admins of the account, and for operators', async () => {
    const ours = await services.user('admin');
    const theirs = await services.user('admin');
    const viewer = await services.user('viewer', ours.account);
    const { id } = await create(ours.token);
    expect((await list({ subject: id }, ours.token)).body.data).toHaveLength(1);
    expect((await list({ subject: id })).body.data).toHaveLength(1);
    expect((await list({}, theirs.token)).body.data.map(({ account }: { account: string }) => account)).not.toContain(
      ours.account,
    );
    expect((await list({}, viewer.token)).body.code).toBe('forbidden');
  });
});
