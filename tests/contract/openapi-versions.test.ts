import { randomUUID } from 'node:crypto';
import { loadContract } from '../../api/src/http/openapi.ts';
import { CONTRACT_FILE } from '../support/contract.ts';
import { describeWithServices } from '../support/pocketbase.ts';
import { type Services, startServices } from './openapi-services.ts';

let services: Services;
let make: (path: string, body: object) => Promise<{ id: string; updated: string; etag: string | undefined }>;

/** Everything that can be changed, and how: `PATCH /api/v1/<noun>/{id}`. */
const EDITABLE: Record<string, { fields: () => Promise<object> | object; change: object }> = {
  sources: { fields: () => ({ name: randomUUID() }), change: { enabled: false } },
  destinations: { fields: () => ({ name: randomUUID(), type: 'inbox' }), change: { enabled: false } },
  mappings: {
    fields: async () => ({
      name: randomUUID(),
      source: (await make('sources', { name: randomUUID() })).id,
      destination: (await make('destinations', { name: randomUUID(), type: 'inbox' })).id,
    }),
    change: { enabled: false },
  },
  sites: { fields: () => ({ domain: `${randomUUID()}.example` }), change: { enabled: false } },
  goals: {
    fields: async () => ({
      name: randomUUID(),
      site: (await make('sites', { domain: `${randomUUID()}.example` })).id,
      event_name: 'Signup',
    }),
    change: { enabled: false },
  },
  triggers: {
    fields: async () => ({
      name: randomUUID(),
      site: (await make('sites', { domain: `${randomUUID()}.example` })).id,
      type: 'visitor_spike',
      threshold: 10,
    }),
    change: { enabled: false },
  },
  webhooks: { fields: () => ({ url: 'https://example.com/hook' }), change: { enabled: false } },
  users: {
    fields: () => ({ email: `${randomUUID()}@example.com`, role: 'viewer', account: someAccount }),
    change: { name: 'Ada' },
  },
  accounts: { fields: () => ({ name: randomUUID() }), change: { name: randomUUID() } },
};
let someAccount: string;

describeWithServices('versions of records', () => {
  beforeAll(async () => {
    services = await startServices();
    someAccount = (await services.user('admin')).account;
    make = async (path, body) => {
      const answer = await services.call('POST', `/api/v1/${path}`, { token: services.operator, body });
      if (answer.status !== 201) throw new Error(answer.text);
      return { ...answer.body, etag: answer.get('etag') };
    };
  });
  afterAll(() => services?.stop());

  const ask = (method: 'GET' | 'PATCH' | 'DELETE', noun: string, id: string, ifMatch?: string, body?: object) =>
    services.call(method, `/api/v1/${noun}/{id}`, {
      token: services.operator,
      params: { id },
      ...(body && { body }),
      headers: ifMatch === undefined ? {} : { 'if-match': ifMatch },
    });

  it('every operation that changes or deletes a record takes If-Match, and those that show one say its version', () => {
    const { operations, document } = loadContract(CONTRACT_FILE);
    const editable = [...operations.values()].filter(
      ({ method, path }) => method === 'PATCH' && path.endsWith('/{id}'),
    );
    expect(editable.map(({ path }) => path.split('/')[3]).sort()).toEqual(Object.keys(EDITABLE).sort());
    for (const operation of operations.values()) {
      const { id, method, path } = operation;
      if (!editable.some((one) => path === one.path || (method === 'POST' && `${path}/{id}` === one.path))) continue;
      const { responses = {} } = (document.paths[path]?.[method.toLowerCase()] ?? {}) as {
        responses?: Record<string, { headers?: object }>;
      };
      const takes = operation.parameters.some(({ name }) => name === 'If-Match');
      const changes = method === 'PATCH' || method === 'DELETE';
      expect([id, takes, '412' in responses]).toEqual([id, changes, changes]);
      const shown = responses['200'] ?? responses['201'];
      if (shown) expect([id, shown.headers]).toEqual([id, expect.objectContaining({ ETag: expect.anything() })]);
    }
  });

  describe.each(Object.entries(EDITABLE))('%s', (noun, { fields, change }) => {
    it('are changed only as they were read', async () => {
      const { id, updated, etag } = await make(noun, await fields());
      expect(etag).toBe(`"${updated}"`);
      const changed = await ask('PATCH', noun, id, etag, change);
      expect([changed.status, changed.get('etag')]).toEqual([200, `"${changed.body.updated}"`]);
      expect(changed.get('etag')).not.toBe(etag);
      const stale = await ask('PATCH', noun, id, etag, change);
      expect([stale.status, stale.body.code]).toEqual([412, 'stale_version']);
      expect(stale.body.detail).toMatch(/Read it again/);
      if (noun === 'accounts') return; // nothing shows or deletes one
      const read = await ask('GET', noun, id, undefined);
      expect([read.get('etag'), read.body.updated]).toEqual([changed.get('etag'), changed.body.updated]);
      expect((await ask('DELETE', noun, id, etag)).status).toBe(412);
      expect((await ask('DELETE', noun, id, read.get('etag'))).status).toBe(204);
    });
  });

  it('a list has the version of each of its records', async () => {
    const { id } = await make('sources', { name: randomUUID() });
    const { body } = await services.call('GET', '/api/v1/sources', { token: services.operator, query: { limit: 200 } });
    const { updated } = body.data.find((one: { id: string }) => one.id === id);
    expect((await ask('PATCH', 'sources', id, `"${updated}"`, { enabled: false })).status).toBe(200);
  });

  it('of 20 changes of the same version at once one is made', async () => {
    const { id, etag } = await make('destinations', { name: randomUUID(), type: 'inbox' });
    const changes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => ask('PATCH', 'destinations', id, etag, { max_concurrency: i + 1 })),
    );
    const made = changes.filter(({ status }) => status === 200);
    expect(made).toHaveLength(1);
    expect(changes.filter(({ status }) => status === 412)).toHaveLength(19);
    expect((await ask('GET', 'destinations', id)).body.max_concurrency).toBe(made[0]?.body.max_concurrency);
  });

  it('an edit in the dashboard is a change as any other', async () => {
    const { id, etag } = await make('sources', { name: randomUUID() });
    await services.pb.collection('sources').update(id, { event_type: 'body.type' });
    expect((await ask('PATCH', 'sources', id, etag, { enabled: false })).status).toBe(412);
  });

  it('a repetition with its Idempotency-Key is no other change', async () => {
    const { id, etag } = await make('sources', { name: randomUUID() });
    const again = () =>
      services.call('PATCH', '/api/v1/sources/{id}', {
        ...{ token: services.operator, params: { id }, body: { enabled: false } },
        headers: { 'if-match': String(etag), 'idempotency-key': id },
      });
    expect((await again()).status).toBe(200);
    const repeated = await again();
    expect([repeated.status, repeated.get('idempotent-replayed')]).toEqual([200, 'true']);
  });

  it('takes lists, any version, no weak ones, and nothing else', async () => {
    const { id, updated, etag } = await make('sources', { name: randomUUID() });
    const patch = async (ifMatch: string) => (await ask('PATCH', 'sources', id, ifMatch, { enabled: true })).status;
    expect(await patch(`W/"${updated}"`)).toBe(412);
    expect(await patch(`"other", ${etag}`)).toBe(200);
    expect(await patch('*')).toBe(200);
    for (const wrong of [updated, '"', 'W/', '"a" "b"', ',']) {
      const answer = await ask('PATCH', 'sources', id, wrong, { enabled: true });
      expect([answer.status, answer.body.errors?.[0].field]).toEqual([400, 'header/if-match']);
    }
    expect((await ask('PATCH', 'sources', 'nosuchsource000', '*', {})).status).toBe(404);
  });

  it('never answers "not modified": what is shown with a record changes without it', async () => {
    const { id, etag } = await make('sources', { name: randomUUID() });
    const headers = { 'if-none-match': String(etag) };
    const { status } = await services.call('GET', '/api/v1/sources/{id}', {
      ...{ token: services.operator, params: { id }, headers },
    });
    expect(status).toBe(200);
  });
});
