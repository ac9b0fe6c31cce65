import { createHash, randomUUID } from 'node:crypto';
import { describeWithServices } from '../support/pocketbase.ts';
import { until } from '../support/until.ts';
import { type Services, startServices } from './openapi-services.ts';

let services: Services;

describeWithServices('API keys', () => {
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.stop());

  const make = async (body: object, token = services.operator) => {
    const answer = await services.call('POST', '/api/v1/api-keys', { token, body });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body;
  };
  const listed = async (token: string) =>
    (await services.call('GET', '/api/v1/api-keys', { token, query: { limit: 200 } })).body.data;
  const sourcesFor = (token: string) => services.call('GET', '/api/v1/sources', { token, query: { limit: 200 } });
  const newSource = (token: string, fields: object = {}) =>
    services.call('POST', '/api/v1/sources', { token, body: { name: `s-${randomUUID()}`, ...fields } });

  it('are shown once, and kept as a hash', async () => {
    const { key, ...record } = await make({ name: 'ci', role: 'operator' });
    expect(record).toMatchObject({ name: 'ci', role: 'operator', account: null, prefix: key.slice(0, 12) });
    expect(record).toMatchObject({ last_used_at: null, expires_at: null });
    const shown = (await listed(services.operator)).find(({ id }: { id: string }) => id === record.id);
    expect(shown).toEqual(record);
    const stored = await services.pb.collection('api_keys').getOne(record.id);
    expect(stored.hash).toBe(createHash('sha256').update(key).digest('hex'));
    expect(JSON.stringify([shown, stored, services.lines])).not.toContain(key);
    expect(JSON.stringify(shown)).not.toContain(stored.hash);
  });

  it('of an operator see every account; use is noted, and audited under the name of the key', async () => {
    const { key, id, prefix } = await make({ name: 'deploys', role: 'operator' });
    const { account } = await services.user('admin');
    const made = await newSource(key, { account });
    expect(made.body).toMatchObject({ account });
    expect((await sourcesFor(key)).body.data).toContainEqual(made.body);
    await until('the use to be noted', async () => {
      const { last_used_at } = await services.pb.collection('api_keys').getOne(id);
      return last_used_at || undefined;
    });
    const second = await make({ name: 'made by a key', role: 'viewer', account }, key);
    const audit = await services.pb.collection('audit').getFullList({ filter: `subject = "${second.id}"` });
    expect(audit).toMatchObject([
      { action: 'api_key.create', actor: `key:${prefix} deploys`, subject_type: 'api_key', account },
    ]);
    expect(JSON.stringify(audit)).not.toContain(second.key);
  });

  it('of an account see and change nothing of another one', async () => {
    const ours = await services.user('admin');
    const theirs = await services.user('admin');
    const foreign = (await newSource(theirs.token)).body;
    const theirKey = await make({ name: 'theirs', role: 'admin' }, theirs.token);
    const { key, id, account } = await make({ name: 'ours', role: 'admin' }, ours.token);
    expect(account).toBe(ours.account);
    const own = (await newSource(key)).body;
    expect(own.account).toBe(ours.account);
    expect((await sourcesFor(key)).body.data).toEqual([own]);
    const params = { id: foreign.id };
    expect((await services.call('GET', '/api/v1/sources/{id}', { token: key, params })).status).toBe(404);
    expect((await services.call('DELETE', '/api/v1/sources/{id}', { token: key, params })).status).toBe(404);
    expect((await listed(key)).map((one: { id: string }) => one.id)).toEqual([id]);
    const revoke = await services.call('DELETE', '/api/v1/api-keys/{id}', { token: key, params: { id: theirKey.id } });
    expect(revoke.body.code).toBe('not_found');
    expect((await sourcesFor(theirKey.key)).status).toBe(200);
  });

  it('with the role viewer only read', async () => {
    const { token } = await services.user('admin');
    const { key } = await make({ name: 'reader', role: 'viewer' }, token);
    expect((await sourcesFor(key)).status).toBe(200);
    expect((await newSource(key)).body.code).toBe('forbidden');
    const more = { token: key, body: { name: 'x', role: 'admin' } };
    expect((await services.call('POST', '/api/v1/api-keys', more)).body.code).toBe('forbidden');
  });

  it('that were revoked, ran out, or never were, are refused', async () => {
    const revoked = await make({ name: 'revoked', role: 'operator' });
    const params = { id: revoked.id };
    const revoke = () => services.call('DELETE', '/api/v1/api-keys/{id}', { token: services.operator, params });
    expect((await revoke()).status).toBe(204);
    expect((await revoke()).status).toBe(404);
    const over = await make({ name: 'over', role: 'operator', expires_at: '2999-01-01T00:00:00.000Z' });
    expect(over.expires_at).toBe('2999-01-01T00:00:00.000Z');
    await services.pb.collection('api_keys').update(over.id, { expires_at: '2001-01-01 00:00:00.000Z' });
    // A key without an account is an operator's only if it says so.
    const broken = await make({ name: 'broken', role: 'operator' });
    await services.pb.collection('api_keys').update(broken.id, { role: 'admin' });
    for (const token of [revoked.key, over.key, broken.key, `phk_${'x'.repeat(43)}`, 'phk_']) {
      expect((await sourcesFor(token)).body.code).toBe('unauthenticated');
    }
    const [audit] = await services.pb.collection('audit').getFullList({
      filter: `subject = "${revoked.id}" && action = "api_key.revoke"`,
    });
    expect(audit?.actor).toBe(`operator:${services.pocketbase.email}`);
  });

  it.each([
    ['a user for operators', { role: 'operator' }, 'forbidden'],
    ['a user for another account', { role: 'admin', account: 'someotheraccoun' }, 'forbidden'],
  ])('are not made by %s', async (_name, fields, code) => {
    const { token } = await services.user('admin');
    const answer = await services.call('POST', '/api/v1/api-keys', { token, body: { name: 'x', ...fields } });
    expect(answer.body.code).toBe(code);
  });

  it.each([
    ['/account', { role: 'admin' }],
    ['/account', { role: 'admin', account: 'nosuchaccount00' }],
    ['/account', { role: 'operator', account: 'nosuchaccount00' }],
    ['/expires_at', { role: 'operator', expires_at: '2001-01-01T00:00:00Z' }],
    ['/role', { role: 'owner' }],
    ['/name', { role: 'operator', name: ' ' }],
  ])('name what is wrong at %s: %j', async (field, fields) => {
    const body = { name: 'x', ...fields };
    const answer = await services.call('POST', '/api/v1/api-keys', { token: services.operator, body });
    expect(answer.body).toMatchObject({ code: 'validation_failed', errors: [{ field }] });
  });
});
