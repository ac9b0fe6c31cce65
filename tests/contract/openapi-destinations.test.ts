import { randomUUID } from 'node:crypto';
import { describeWithServices, executeSql } from '../support/pocketbase.ts';
import { type Services, startServices } from './openapi-services.ts';

let services: Services;

describeWithServices('destinations: pause, resume, health', () => {
  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.stop());

  const ONE = '/api/v1/destinations/{id}';
  type Verb = 'pause' | 'resume';

  async function inbox(token = services.operator): Promise<string> {
    const body = { name: `d-${randomUUID()}`, type: 'inbox', rate_limit: 0.5 };
    const created = await services.call('POST', '/api/v1/destinations', { token, body });
    expect(created.body).toMatchObject({ rate_limit: 0.5, paused: false });
    return created.body.id;
  }
  const command = (verb: Verb, id: string, token?: string, body?: object) =>
    services.call('POST', `${ONE}/${verb}`, { token, params: { id }, ...(body && { body }) });
  const read = (id: string) => services.call('GET', ONE, { token: services.operator, params: { id } });

  it('is paused and resumed, by name, once', async () => {
    const id = await inbox();
    const token = services.operator;
    expect((await command('pause', id, token)).body).toEqual({ id, paused: true, deliveries: 0 });
    expect((await command('pause', id, token)).body).toEqual({ id, paused: true, deliveries: 0 });
    expect((await read(id)).body).toMatchObject({ paused: true, enabled: true });
    expect((await command('resume', id, token, { rate: 5 })).body).toEqual({ id, paused: false, deliveries: 0 });
    expect((await command('resume', id, token)).status).toBe(200);
    expect((await read(id)).body).toMatchObject({ paused: false });
    const rows = await services.pb.collection('audit').getFullList({
      filter: `subject = "${id}" && action != "destination.create"`,
      sort: 'created',
    });
    expect(rows.map(({ action, detail }) => ({ action, detail }))).toEqual([
      { action: 'destination.pause', detail: { deliveries: 0 } },
      { action: 'destination.resume', detail: { deliveries: 0, rate: 5 } },
    ]);
    expect(rows[0]?.actor).toBe(`operator:${services.pocketbase.email}`);
  });

  it.each([[{ rate: 0 }], [{ rate: 1001 }], [{ rate: 'fast' }], [{ speed: 1 }], [[]]])(
    'a resume refuses %j',
    async (body) => {
      const answer = await command('resume', await inbox(), services.operator, body);
      expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed' });
    },
  );

  it('paused is not set by an edit: who paused it is on record', async () => {
    const id = await inbox();
    const answer = await services.call('PATCH', ONE, {
      token: services.operator,
      params: { id },
      body: { paused: true },
    });
    expect(answer.body).toMatchObject({ code: 'validation_failed' });
    expect((await read(id)).body.paused).toBe(false);
  });

  it.each<Verb>(['pause', 'resume'])('%s is for those who may write, in their own account', async (verb) => {
    const id = await inbox();
    const { token: stranger } = await services.user('admin');
    const { token: viewer } = await services.user('viewer');
    expect((await command(verb, id)).status).toBe(401);
    expect((await command(verb, id, stranger)).body.code).toBe('not_found');
    expect((await command(verb, id, viewer)).body.code).toBe('forbidden');
    expect((await command(verb, 'aaaaaaaaaaaaaaa', services.operator)).status).toBe(404);
    expect((await read(id)).body.paused).toBe(false);
  });

  it('shows its health', async () => {
    const id = await inbox();
    const well = { state: 'closed', failures: 0, failing_since: null, next_probe_at: null };
    expect((await read(id)).body.health).toEqual(well);
    const { account } = (await read(id)).body;
    const fail = `INSERT INTO destination_health (id, account, state, failures, cool_down_ms, failing_since, next_probe_at)
      VALUES ({:id}, {:account}, 'open', 12, 30000, '2026-11-23 11:00:00.000Z', '2026-11-23 12:00:00.000Z')`;
    await executeSql(services.pb, fail, { id, account });
    expect((await read(id)).body.health).toEqual({
      state: 'open',
      failures: 12,
      failing_since: '2026-11-23T11:00:00.000Z',
      next_probe_at: '2026-11-23T12:00:00.000Z',
    });
    const listed = await services.call('GET', '/api/v1/destinations', {
      token: services.operator,
      query: { limit: 200 },
    });
    const failing = { state: 'open', failing_since: '2026-11-23T11:00:00.000Z' };
    for (const destination of listed.body.data)
      expect(destination.health).toMatchObject(destination.id === id ? failing : well);
    const metrics = await services.call('GET', '/metrics');
    expect(metrics.text).toContain('pockethook_destinations{state="open"} 1');
  });

  it('shows the health of the fullest page, however many fail', async () => {
    const { token, account } = await services.user('viewer');
    const many = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200)
      INSERT INTO destinations (id, account, name, type, enabled, created, updated)
      SELECT printf('full%011d', i), {:account}, i, 'inbox', TRUE, {:now}, {:now} FROM n`;
    await executeSql(services.pb, many, { account, now: '2026-11-23 10:00:00.000Z' });
    const fail = `INSERT INTO destination_health (id, account, state, failures, failing_since)
      SELECT id, account, 'closed', CAST(name AS INTEGER), '2026-11-23 11:00:00.000Z' FROM destinations WHERE account = {:account}`;
    await executeSql(services.pb, fail, { account });
    const { body } = await services.call('GET', '/api/v1/destinations', { token, query: { limit: 200 } });
    expect(body.data).toHaveLength(200);
    for (const { name, health } of body.data) expect(health.failures).toBe(Number(name));
  });
});
