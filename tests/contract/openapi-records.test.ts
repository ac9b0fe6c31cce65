import { randomUUID } from 'node:crypto';
import { type Contract, loadContract, resolve } from '../../api/src/http/openapi.ts';
import { KIND_NAMES, type KindName, schemaNameOf } from '../../api/src/kinds/index.ts';
import { CONTRACT_FILE } from '../support/contract.ts';
import { describeWithServices } from '../support/pocketbase.ts';
import { type Services, startServices } from './openapi-services.ts';

interface Components {
  schemas: Record<string, { allOf: [object]; required: string[]; properties: object }>;
}

let services: Services;
let source: string;
let destination: string;
let site: string;

const uniqueName = () => `s-${randomUUID()}`;

describeWithServices('configuration records', () => {
  beforeAll(async () => {
    services = await startServices();
    source = (await create('sources', { name: uniqueName() })).id;
    site = (await create('sites', { domain: `${randomUUID()}.example` })).id;
    destination = (await create('destinations', { name: 'inbox', type: 'inbox' })).id;
  });
  afterAll(() => services?.stop());

  async function create(kind: string, body: object, token = services.operator) {
    const { status, body: record, text } = await services.call('POST', `/api/v1/${kind}`, { token, body });
    if (status !== 201) throw new Error(text);
    return record;
  }

  /** What no new record can be without. */
  const SMALLEST: Record<KindName, () => object> = {
    sources: () => ({ name: uniqueName() }),
    destinations: () => ({ name: uniqueName(), type: 'inbox' }),
    mappings: () => ({ name: uniqueName(), source, destination }),
    sites: () => ({ domain: `${randomUUID()}.example` }),
    goals: () => ({ name: uniqueName(), site, event_name: 'Signup' }),
    triggers: () => ({ name: uniqueName(), site, type: 'visitor_spike', threshold: 10 }),
  };
  const fieldsOf = (kind: KindName) => SMALLEST[kind]();

  const contract = loadContract(CONTRACT_FILE) as unknown as Contract & { document: { components: Components } };
  const newSchemaOf = (kind: KindName) =>
    contract.document.components.schemas[`New${schemaNameOf(kind)}`] as Components['schemas'][string];

  it('JSON values: members keep their order, when made, changed, read and listed', async () => {
    const template = '{"z":1,"y":2,"x":{"d":1,"c":2,"b":3,"a":4},"w":"","v":"","u":""}';
    const token = services.operator;
    const body = `{"name":"${uniqueName()}","source":"${source}","destination":"${destination}","template":${template}}`;
    const made = await services.call('POST', '/api/v1/mappings', { token, body });
    const one = { token, params: { id: made.body.id } };
    const changed = await services.call('PATCH', '/api/v1/mappings/{id}', { ...one, body: `{"template":${template}}` });
    const read = await services.call('GET', '/api/v1/mappings/{id}', one);
    for (const { text } of [made, changed, read]) expect(text).toContain(template);
    for (let reading = 0; reading < 5; reading++) {
      const { text } = await services.call('GET', '/api/v1/mappings', { token, query: { limit: 200 } });
      expect(text).toContain(template);
    }
  });

  describe('numbers that a double would round', () => {
    const token = () => services.operator;

    it('are kept in a template and an answer, in what is read back and in the audit', async () => {
      const template = '{"n":9007199254740993,"list":[-12345678901234567890,{"constructor":12345678901234567}]}';
      const mapping = `{"name":"${uniqueName()}","source":"${source}","destination":"${destination}","template":${template}}`;
      const made = await services.call('POST', '/api/v1/mappings', { token: token(), body: mapping });
      const one = { token: token(), params: { id: made.body.id } };
      const changed = await services.call('PATCH', '/api/v1/mappings/{id}', {
        ...one,
        body: '{"template":{"n":9007199254740995}}',
      });
      const read = await services.call('GET', '/api/v1/mappings/{id}', one);
      const audit = await services.call('GET', '/api/v1/audit', { token: token(), query: { subject: made.body.id } });
      expect(made.text).toContain(`"template":${template}`);
      for (const { text } of [changed, read]) expect(text).toContain('"template":{"n":9007199254740995}');
      for (const digits of ['9007199254740993', '9007199254740995']) expect(audit.text).toContain(digits);

      const answering = `{"name":"${uniqueName()}","answer":{"body":{"n":9007199254740993}}}`;
      const answer = await services.call('POST', '/api/v1/sources', { token: token(), body: answering });
      expect(answer.text).toContain('"body":{"n":9007199254740993}');
    });

    it('are kept in a preview, whose body is JSON', async () => {
      const body = '{"body":{"n":9007199254740993},"template":{"n":"{{ body.n }}","constant":12345678901234567890}}';
      const shown = await services.call('POST', '/api/v1/mappings/preview', { token: token(), body });
      expect(shown.body.request.body).toBe('{"n":9007199254740993,"constant":12345678901234567890}');
    });

    it.each([
      ['/api/v1/sources', '{"name":"n","rate_limit":9007199254740993}', '/rate_limit', 'no whole number beyond 2^53'],
      ['/api/v1/sources', '{"name":9007199254740993}', '/name', 'must be string, and no whole number beyond 2^53'],
      [
        '/api/v1/sources',
        '{"name":"n","answer":{"body":{"n":[1e400]}}}',
        '/answer/body/n/0',
        'a number beyond 1.8e308',
      ],
      ['/api/v1/sources', '{"constructor":1}', '/constructor', 'is unknown here'],
    ])('are refused where a field can not hold them: %s %s', async (path, body, field, message) => {
      const refused = await services.call('POST', path, { token: token(), body });
      expect(refused.status).toBe(400);
      expect(refused.body.errors).toContainEqual({ field, message: expect.stringContaining(message) });
    });
  });

  it('accounts: an operator sees every one, by pages; a user their own', async () => {
    await services.user('viewer');
    const list = (token: string, query: Record<string, string | number>) =>
      services.call('GET', '/api/v1/accounts', { token, query });
    const { data } = (await list(services.operator, { limit: 200 })).body;
    expect(data).toContainEqual({ id: expect.any(String), name: 'default', updated: expect.any(String) });
    expect(data.length).toBeGreaterThan(1);
    const first = (await list(services.operator, { limit: 1 })).body;
    const second = (await list(services.operator, { limit: 1, cursor: first.next_cursor })).body;
    expect([...first.data, ...second.data]).toEqual(data.slice(0, 2));
    const { account, token } = await services.user('admin');
    const own = [{ id: account, name: expect.any(String), updated: expect.any(String) }];
    expect((await list(token, {})).body).toEqual({ data: own, next_cursor: null });
    expect((await list('nobody', {})).status).toBe(401);
  });

  it.each(KIND_NAMES)(
    'a new record of %s has what the contract names as defaults, and an edit changes nothing else',
    async (kind) => {
      const { properties } = newSchemaOf(kind);
      const declared = Object.entries(properties).filter(([field]) => field !== 'account');
      const defaults = Object.fromEntries(
        declared.map(([field, schema]) => [field, (schema as { default: unknown }).default]),
      );
      const given = fieldsOf(kind);
      const made = await create(kind, given);
      const unsaid = { ...defaults, ...given, name: made.name };
      expect(made).toMatchObject(unsaid);
      const changes = { enabled: false, name: uniqueName() };
      const params = { id: made.id };
      const token = services.operator;
      const changed = (await services.call('PATCH', `/api/v1/${kind}/{id}`, { token, params, body: changes })).body;
      await services.call('PATCH', `/api/v1/${kind}/{id}`, { token, params, body: { name: made.name } });
      expect(changed).toMatchObject({ ...unsaid, ...changes });
    },
  );

  it.each(KIND_NAMES)('every field that a new record of %s may leave out has a default, or is made for it', (kind) => {
    const { allOf, required, properties } = newSchemaOf(kind);
    const { properties: fields } = resolve(contract.document, allOf[0]) as { properties: object };
    const left = Object.keys(fields).filter((field) => !required.includes(field) && field !== 'secrets');
    expect(Object.keys(properties).sort()).toEqual(['account', ...left].sort());
  });

  it.each(['goals', 'triggers'] as const)('%s are listed by site', async (kind) => {
    const other = (await create('sites', { domain: `${randomUUID()}.example` })).id;
    const made = [await create(kind, { ...fieldsOf(kind), site: other }), await create(kind, fieldsOf(kind))];
    const list = (query: Record<string, string | number>, token = services.operator) =>
      services.call('GET', `/api/v1/${kind}`, { token, query });
    const { data } = (await list({ site: other })).body;
    expect(data).toEqual([expect.objectContaining({ id: made[0].id, site: other })]);
    expect((await list({ site: 'mc2x8k1qpl0aa4z' })).body).toEqual({ data: [], next_cursor: null });
    expect((await list({ site: other }, (await services.user('admin')).token)).body.data).toEqual([]);
    expect((await list({ site: 'no id' })).body.code).toBe('validation_failed');
  });

  it('visitors of a site over time are shown to those whose it is', async () => {
    const { token, account } = await services.user('viewer');
    const { id } = await create('sites', { domain: `${randomUUID()}.example`, account });
    const slot = Math.floor(Date.now() / 300_000);
    const items = [{ site: id, window_s: 300, value: 41 }];
    await services.pb.send('/api/pockethook/values/save', { method: 'POST', body: { slot: slot - 2, items } });
    const read = (asked: string, query: Record<string, string> = {}) =>
      services.call('GET', '/api/v1/sites/{id}/visitors', { token: asked, params: { id }, query });
    const { body } = await read(token);
    expect(body).toMatchObject({ site: id, window: '5m', step_s: 300 });
    const at = new Date((slot - 2) * 300_000).toISOString();
    expect(body.points).toContainEqual({ at, visitors: 41, least: 41, usual: null });
    const { points } = (await read(services.operator, { from: new Date(Date.now() - 864e5 * 35).toISOString() })).body;
    expect(points.length).toBeLessThanOrEqual(500);
    expect(points).toContainEqual(expect.objectContaining({ visitors: 41 }));
    expect((await read((await services.user('admin')).token)).body.code).toBe('not_found');
    expect((await read(token, { window: '1w' })).body.code).toBe('validation_failed');
    expect((await read(token, { from: '2999-01-01T00:00:00Z' })).body.code).toBe('validation_failed');
  });

  it('secrets are compared, and not shown', async () => {
    const url = 'https://discord.com/api/webhooks/123456/a-token-of-some-length';
    const headers = { 'x-key': 'a header of some length' };
    const { id } = await create('destinations', { name: 'chat', type: 'discord', url, headers });
    const path = '/api/v1/destinations/{id}/compare';
    const compare = (body: object, token = services.operator) =>
      services.call('POST', path, { token, params: { id }, body });
    expect((await compare({ url, headers, secrets: [] })).body).toEqual({ differing: [] });
    const other = { url: url.replace('a-token', 'b-token'), headers: { ...headers, 'x-more': 'b' }, secrets: ['c'] };
    expect((await compare(other)).body.differing.sort()).toEqual(['headers', 'secrets', 'url']);
    const some = { headers: { 'x-key': null }, secrets: [null] };
    expect((await compare(some)).body).toEqual({ differing: ['secrets'] });
    expect((await compare({ headers: null })).body).toEqual({ differing: ['headers'] });
    expect((await compare({})).status).toBe(400);
    expect((await compare({ url }, (await services.user('viewer')).token)).status).toBe(403);
    expect((await compare({ url }, (await services.user('admin')).token)).status).toBe(404);
    const made = await create('sources', { name: uniqueName(), verification: 'github', secrets: ['a github secret'] });
    const source = { token: services.operator, params: { id: made.id }, body: { secrets: ['a github secret'] } };
    expect((await services.call('POST', '/api/v1/sources/{id}/compare', source)).body).toEqual({ differing: [] });
  });

  describe.each(KIND_NAMES)('%s', (kind) => {
    const one = `/api/v1/${kind}/{id}`;

    it('are created, read, changed, listed and deleted', async () => {
      const token = services.operator;
      const given = fieldsOf(kind);
      const created = await services.call('POST', `/api/v1/${kind}`, { token, body: given });
      expect(created.status).toBe(201);
      const { id } = created.body;
      expect(created.get('location')).toBe(`/api/v1/${kind}/${id}`);
      expect(created.body).toMatchObject({ ...given, name: created.body.name, enabled: true });

      const params = { id };
      const read = await services.call('GET', one, { token, params });
      expect(read.body).toMatchObject(created.body);

      const changed = await services.call('PATCH', one, { token, params, body: { enabled: false } });
      expect(changed.body).toMatchObject({ id, enabled: false, name: created.body.name });

      const listed = await services.call('GET', `/api/v1/${kind}`, { token, query: { limit: 200 } });
      const reread = await services.call('GET', one, { token, params });
      expect(reread.body).toMatchObject(changed.body);
      // One that is looked at alone says more of its hits and its state.
      const { hits: _, state: __, ...inLists } = reread.body;
      expect(listed.body.data).toContainEqual(expect.objectContaining(inLists));

      expect((await services.call('DELETE', one, { token, params })).status).toBe(204);
      for (const method of ['GET', 'DELETE'] as const) {
        expect((await services.call(method, one, { token, params })).body.code).toBe('not_found');
      }
      expect((await services.call('PATCH', one, { token, params, body: {} })).body.code).toBe('not_found');
    });

    it('are paged without a gap and without a repetition', async () => {
      const token = services.operator;
      for (let i = 0; i < 3; i++) await create(kind, fieldsOf(kind));
      const whole = await services.call('GET', `/api/v1/${kind}`, { token, query: { limit: 200 } });
      const ids: string[] = [];
      let cursor: string | null = null;
      do {
        const query: Record<string, string | number> = cursor === null ? { limit: 2 } : { limit: 2, cursor };
        const page = await services.call('GET', `/api/v1/${kind}`, { token, query });
        expect(page.body.data.length).toBeLessThanOrEqual(2);
        ids.push(...page.body.data.map((record: { id: string }) => record.id));
        cursor = page.body.next_cursor;
      } while (cursor !== null);
      expect(ids).toEqual(whole.body.data.map((record: { id: string }) => record.id));
      expect(new Set(ids).size).toBe(ids.length);
    });

    it('of another account do not exist', async () => {
      const record = await create(kind, fieldsOf(kind));
      const { token } = await services.user('admin');
      const params = { id: record.id };
      expect((await services.call('GET', one, { token, params })).status).toBe(404);
      expect((await services.call('PATCH', one, { token, params, body: { name: 'mine' } })).status).toBe(404);
      expect((await services.call('DELETE', one, { token, params })).status).toBe(404);
      const listed = await services.call('GET', `/api/v1/${kind}`, { token, query: { limit: 200 } });
      expect(listed.body).toEqual({ data: [], next_cursor: null });
      const kept = await services.call('GET', one, { token: services.operator, params });
      expect(kept.body).toMatchObject(record);
    });

    it('are not written by viewers', async () => {
      const admin = await services.user('admin');
      const viewer = await services.user('viewer', admin.account);
      const body = fieldsOf(kind);
      const { token } = viewer;
      const params = { id: kind === 'destinations' ? destination : source };
      expect((await services.call('POST', `/api/v1/${kind}`, { token, body })).body.code).toBe('forbidden');
      expect((await services.call('PATCH', one, { token, params, body: {} })).body.code).toBe('forbidden');
      expect((await services.call('DELETE', one, { token, params })).body.code).toBe('forbidden');
      expect((await services.call('GET', `/api/v1/${kind}`, { token })).status).toBe(200);
    });

    it.each(['no-such-record', 'aaaaaaaaaaaaaaa', "' || id != '", '\\', 'ü%00'])(
      'answer the id %j with 404',
      async (id) => {
        const answer = await services.call('GET', one, {
          token: services.operator,
          params: { id },
        });
        expect(answer.status).toBe(404);
      },
    );
  });

  it.each([
    ['an unknown field', 'sources', { name: 'x', nmae: 'x' }, '/nmae'],
    ['a name with a space', 'sources', { name: 'git hub' }, '/name'],
    ['a name that is taken', 'sources', () => ({ name: takenName }), '/name'],
    ['a name that is taken', 'destinations', () => ({ name: takenName, type: 'inbox' }), '/name'],
    ['a name that is taken', 'mappings', () => ({ name: takenName, source, destination }), '/name'],
    ['a broken expression', 'sources', { name: uniqueName(), event_type: 'body.' }, '/event_type'],
    ['a private address', 'destinations', { name: 'x', type: 'http', url: 'https://10.0.0.1/' }, '/url'],
    ['no URL', 'destinations', { name: 'x', type: 'http' }, '/url'],
    ['a type that is none', 'destinations', { name: 'x', type: 'fax' }, '/type'],
    [
      'a schedule of words',
      'destinations',
      { name: 'x', type: 'inbox', retry_schedule: ['soon'] },
      '/retry_schedule/0',
    ],
    ['a mapping to nowhere', 'mappings', () => ({ name: 'x', source, destination: 'aaaaaaaaaaaaaaa' }), '/destination'],
    ['a broken filter', 'mappings', () => ({ name: 'x', source, destination, filter: 'bdy.a == 1' }), '/filter'],
    ['a broken template', 'mappings', () => ({ name: 'x', source, destination, template: '{{ body. }}' }), '/template'],
  ] as const)('refuse %s in %s, at its field', async (_what, kind, given, field) => {
    const body = typeof given === 'function' ? given() : given;
    const answer = await services.call('POST', `/api/v1/${kind}`, { token: services.operator, body });
    expect(answer.body).toMatchObject({ status: 400, code: 'validation_failed' });
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
    expect(answer.body.errors[0].message.length).toBeGreaterThan(10);
  });

  let takenName: string;
  beforeAll(async () => {
    if (!services) return;
    takenName = uniqueName();
    await create('sources', { name: takenName });
    await create('destinations', { name: takenName, type: 'inbox' });
    await create('mappings', { name: takenName, source, destination });
  });

  describe('secrets', () => {
    it.each([
      ['sources', () => ({ name: uniqueName(), verification: 'github' }), /^[0-9a-f]{64}$/],
      ['sources', () => ({ name: uniqueName(), verification: 'standard-webhooks' }), /^whsec_[A-Za-z0-9+/]{43}=$/],
      [
        'destinations',
        () => ({ name: uniqueName(), type: 'http', url: 'https://example.com/' }),
        /^whsec_[A-Za-z0-9+/]{43}=$/,
      ],
    ] as const)('of new %s are made and shown once', async (kind, fields, form) => {
      const created = await create(kind, fields());
      expect(created.secrets).toEqual([expect.stringMatching(form)]);
      const [secret] = created.secrets;
      const path = `/api/v1/${kind}/{id}`;
      const token = services.operator;
      const read = await services.call('GET', path, { token, params: { id: created.id } });
      expect(read.text).not.toContain(secret);
      expect(read.body.secrets[0]).toMatch(/^••••/);
      const changed = await services.call('PATCH', path, {
        token,
        params: { id: created.id },
        body: { name: created.name },
      });
      expect(changed.text).not.toContain(secret);
      const stored = await services.pb.send('/api/pockethook/config', {});
      expect(JSON.stringify(stored)).not.toContain(secret);
    });

    it('that are given are masked at once', async () => {
      const secret = 'a secret of my own 1234';
      const created = await create('sources', { name: uniqueName(), verification: 'github', secrets: [secret] });
      expect(JSON.stringify(created)).not.toContain(secret);
    });

    it('stay as they are when their mask comes back', async () => {
      const token = services.operator;
      const created = await create('destinations', {
        name: uniqueName(),
        type: 'http',
        url: 'https://example.com/',
        headers: { 'x-api-key': 'a long key of theirs' },
      });
      const params = { id: created.id };
      const read = await services.call('GET', '/api/v1/destinations/{id}', { token, params });
      expect(read.body.headers['x-api-key']).not.toContain('long key');
      const stored = async () =>
        (await services.pb.send('/api/pockethook/config', {})).records.destinations.find(
          ({ id }: { id: string }) => id === created.id,
        );
      const before = await stored();
      const { secrets, headers } = read.body;
      const changed = await services.call('PATCH', '/api/v1/destinations/{id}', {
        token,
        params,
        body: { name: 'y', secrets, headers },
      });
      expect(changed.status).toBe(200);
      expect(await stored()).toMatchObject({ name: 'y', secrets: before.secrets, headers: before.headers });
    });

    it('are not made for an inbox, nor where the answer was: none', async () => {
      expect((await create('destinations', { name: uniqueName(), type: 'inbox' })).secrets).toEqual([]);
      const unsigned = await create('destinations', {
        name: uniqueName(),
        type: 'http',
        url: 'https://example.com/',
        secrets: [],
      });
      expect(unsigned.secrets).toEqual([]);
    });
  });

  describe('accounts', () => {
    it('a user creates in the own account, named or not, and in no other', async () => {
      const { token, account } = await services.user('admin');
      expect((await create('sources', { name: uniqueName() }, token)).account).toBe(account);
      expect((await create('sources', { name: uniqueName(), account }, token)).account).toBe(account);
      const other = await services.call('POST', '/api/v1/sources', {
        token,
        body: { name: uniqueName(), account: 'aaaaaaaaaaaaaaa' },
      });
      expect(other.body.code).toBe('forbidden');
    });

    it('an operator names one, else it is "default"', async () => {
      const { account } = await services.user('admin');
      expect((await create('sources', { name: uniqueName(), account })).account).toBe(account);
      const byDefault = await create('sources', { name: uniqueName() });
      const { name } = await services.pb.collection('accounts').getOne(byDefault.account);
      expect(name).toBe('default');
    });

    it('nobody moves a record to another one', async () => {
      const record = await create('sources', { name: uniqueName() });
      const { account } = await services.user('admin');
      const answer = await services.call('PATCH', '/api/v1/sources/{id}', {
        token: services.operator,
        params: { id: record.id },
        body: { account },
      });
      expect(answer.body.errors).toMatchObject([{ field: '/account' }]);
    });

    it('a mapping does not join records of two', async () => {
      const { token } = await services.user('admin');
      const own = await create('sources', { name: uniqueName() }, token);
      const answer = await services.call('POST', '/api/v1/mappings', {
        token,
        body: { name: 'x', source: own.id, destination },
      });
      expect(answer.body).toMatchObject({ code: 'validation_failed', errors: [{ field: '/destination' }] });
    });
  });

  it('an edit is in force when it is answered', async () => {
    const token = services.operator;
    const { id, name } = await create('sources', { name: uniqueName() });
    const post = () => services.call('POST', '/ingest/{source}', { params: { source: name }, body: {} });
    expect((await post()).status).toBe(202);
    await services.call('PATCH', '/api/v1/sources/{id}', { token, params: { id }, body: { enabled: false } });
    expect((await post()).body.code).toBe('source_paused');
  });

  it.each([
    ['limit', { limit: 0 }],
    ['limit', { limit: 201 }],
    ['limit', { limit: 'many' }],
    ['cursor', { cursor: 'bm9uZQ' }],
    ['cursor', { cursor: "' || id != '" }],
    ['order', { order: 'name' }],
  ])('refuse a query with a bad %s: %j', async (_name, query) => {
    const answer = await services.call('GET', '/api/v1/sources', {
      token: services.operator,
      query: query as Record<string, string>,
    });
    expect(answer.body.code).toBe('validation_failed');
  });
});
