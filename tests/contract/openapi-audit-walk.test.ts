import { randomUUID } from 'node:crypto';
import { loadContract } from '../../api/src/http/openapi.ts';
import { CONTRACT_FILE } from '../support/contract.ts';
import { describeWithServices } from '../support/pocketbase.ts';
import { until } from '../support/until.ts';
import { type Services, startServices } from './openapi-services.ts';

let services: Services;

/** What changes nothing that lasts. */
const CHANGES_NOTHING = [
  ...['compareSource', 'compareDestination', 'compareSite', 'previewMapping', 'backtestMapping', 'backtestTrigger'],
  ...['testDestination', 'testWebhook', 'testGoal'],
];
/** What it raises is an event, which says that it is a test. */
const RAISES_A_TEST = ['testTrigger'];
/** Of sessions and passwords: openapi-session.test.ts and openapi-users.test.ts have them, with who they are of. */
const OF_PEOPLE = ['openSession', 'endSession', 'usePasswordLink', 'changePassword'];

type Row = { action: string; actor: string; via: string; subject: string; detail: Record<string, unknown> };
interface Change {
  /** As the audit has it. */
  action: string;
  /** Of the record, before the change; absent: there is none. */
  id?: () => Promise<string>;
  body?: object | (() => Promise<object>);
  /** Fields that `changes` of the row has, before → after. */
  changes?: Record<string, unknown>;
}

const SECRET = 'canary-of-a-secret';

describeWithServices('every operation that changes something', () => {
  const token = () => services.operator;
  const post = async (path: string, body: object = {}) => {
    const answer = await services.call('POST', `/api/v1/${path}`, { token: token(), body });
    if (answer.status >= 300) throw new Error(answer.text);
    return answer.body;
  };
  const make = (path: string, fields: () => object | Promise<object>) => async () =>
    (await post(path, await fields())).id as string;

  const source = make('sources', () => ({ name: randomUUID(), verification: 'github', secrets: [SECRET] }));
  const destination = make('destinations', () => ({ name: randomUUID(), type: 'inbox' }));
  const site = make('sites', () => ({ domain: `${randomUUID()}.example` }));
  const mapping = make('mappings', async () => ({
    ...{ name: randomUUID(), source: await source(), destination: await destination() },
  }));
  const goal = make('goals', async () => ({ name: randomUUID(), site: await site(), event_name: 'Signup' }));
  const trigger = make('triggers', async () => ({
    ...{ name: randomUUID(), site: await site(), type: 'visitor_spike', threshold: 10 },
  }));
  const webhook = make('webhooks', () => ({ url: 'https://example.com/hook' }));
  const account = make('accounts', () => ({ name: randomUUID() }));
  const user = async () =>
    make('users', async () => ({ email: `${randomUUID()}@example.com`, role: 'viewer', account: await account() }))();
  const paused = async () => {
    const id = await destination();
    await services.call('POST', '/api/v1/destinations/{id}/pause', { token: token(), params: { id } });
    return id;
  };
  /** An event whose only delivery waits at a paused destination. */
  const waiting = async () => {
    const to = await paused();
    const name = randomUUID();
    const from = (await post('sources', { name })).id;
    await post('mappings', { name, source: from, destination: to });
    const event = (await services.call('POST', '/ingest/{source}', { params: { source: name }, body: { n: 1 } })).body
      .id;
    const { body } = await services.call('GET', '/api/v1/deliveries', { token: token(), query: { destination: to } });
    return { event: event as string, destination: to, delivery: body.data[0].id as string };
  };
  /** A source with a secret that a handshake brought. */
  const brought = async () => {
    const { id, name } = await post('sources', { name: randomUUID(), preset: 'notion' });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ verification_token: SECRET });
    const handshake = await fetch(`${services.url}/ingest/${name}`, { method: 'POST', headers, body });
    expect(handshake.status).toBe(200);
    return id;
  };
  const range = async () => ({
    ...{ mode: 'original', destination: (await waiting()).destination, rate: 1 },
    ...{ from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() },
  });

  const replay = async () => (await post('replays', await range())).id as string;
  const pausedReplay = async () => {
    const id = await replay();
    await services.call('POST', '/api/v1/replays/{id}/pause', { token: token(), params: { id } });
    return id;
  };

  const edits = (
    noun: string,
    id: () => Promise<string>,
    fields: () => object | Promise<object>,
  ): Record<string, Change> => {
    const name = noun.charAt(0).toUpperCase() + noun.slice(1);
    return {
      [`create${name}`]: { action: `${noun}.create`, body: async () => fields() },
      [`update${name}`]: {
        ...{ action: `${noun}.update`, id, body: { enabled: false } },
        changes: { enabled: { from: true, to: false } },
      },
      [`delete${name}`]: { action: `${noun}.delete`, id },
    };
  };

  const CHANGES: Record<string, Change> = {
    ...edits('source', source, () => ({ name: randomUUID(), verification: 'github', secrets: [SECRET] })),
    ...edits('destination', destination, () => ({ name: randomUUID(), type: 'inbox', headers: { 'x-key': SECRET } })),
    ...edits('mapping', mapping, async () => ({
      ...{ name: randomUUID(), source: await source(), destination: await destination() },
    })),
    ...edits('site', site, () => ({ domain: `${randomUUID()}.example` })),
    ...edits('goal', goal, async () => ({ name: randomUUID(), site: await site(), event_name: 'Signup' })),
    ...edits('trigger', trigger, async () => ({
      ...{ name: randomUUID(), site: await site(), type: 'visitor_spike', threshold: 10 },
    })),
    createWebhook: { action: 'destination.create', body: { url: 'https://example.com/hook' } },
    updateWebhook: {
      ...{ action: 'destination.update', id: webhook, body: { enabled: false } },
      changes: { enabled: { from: true, to: false } },
    },
    deleteWebhook: { action: 'destination.delete', id: webhook },
    rotateWebhookSecret: { action: 'destination.update', id: webhook, body: {} },
    createUser: {
      action: 'user.create',
      body: async () => ({ email: `${randomUUID()}@example.com`, role: 'viewer', account: await account() }),
    },
    updateUser: {
      ...{ action: 'user.update', id: user, body: { role: 'admin' } },
      changes: { role: { from: 'viewer', to: 'admin' } },
    },
    deleteUser: { action: 'user.delete', id: user },
    createUserLink: { action: 'user.update', id: user },
    createAccount: { action: 'account.create', body: async () => ({ name: randomUUID() }) },
    updateAccount: { action: 'account.update', id: account, body: async () => ({ name: randomUUID() }) },
    createApiKey: { action: 'api_key.create', body: { name: 'k', role: 'operator' } },
    deleteApiKey: { action: 'api_key.revoke', id: make('api-keys', () => ({ name: 'k', role: 'operator' })) },
    revealSecret: { action: 'source.reveal', id: brought },
    pauseDestination: { action: 'destination.pause', id: destination },
    resumeDestination: { action: 'destination.resume', id: paused, body: {} },
    replayEvent: { action: 'event.replay', id: async () => (await waiting()).event, body: { mode: 'original' } },
    retryDelivery: { action: 'delivery.retry', id: async () => (await waiting()).delivery },
    cancelDelivery: { action: 'delivery.cancel', id: async () => (await waiting()).delivery },
    retryDeliveries: {
      action: 'delivery.retry_many',
      body: async () => ({ state: 'held', destination: (await waiting()).destination }),
    },
    cancelDeliveries: {
      action: 'delivery.cancel_many',
      body: async () => ({ state: 'held', destination: (await waiting()).destination }),
    },
    createReplay: { action: 'replay.create', body: range },
    cancelReplay: { action: 'replay.cancel', id: replay },
    pauseReplay: { action: 'replay.pause', id: replay },
    resumeReplay: { action: 'replay.resume', id: pausedReplay },
    rotateSecrets: { action: 'secrets.rotate' },
  };

  const changing = [...loadContract(CONTRACT_FILE).operations.values()]
    .filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/v1/'))
    .filter(({ id }) => ![...CHANGES_NOTHING, ...RAISES_A_TEST, ...OF_PEOPLE].includes(id));

  beforeAll(async () => {
    services = await startServices();
  });
  afterAll(() => services?.stop());

  it('is in this test', () => {
    expect(changing.map(({ id }) => id).sort()).toEqual(Object.keys(CHANGES).sort());
  });

  it.each(changing.map((operation) => [operation.id, operation] as const))(
    '%s is in the audit',
    async (id, operation) => {
      const change = CHANGES[id] as Change;
      const params = change.id ? { id: await change.id() } : {};
      const body = typeof change.body === 'function' ? await change.body() : change.body;
      const correlation = randomUUID();
      const method = operation.method as 'POST' | 'PATCH' | 'DELETE';
      const headers = { 'x-correlation-id': correlation, ...(body && { 'content-type': 'application/json' }) };
      const answer = await services.call(method, operation.path, {
        token: token(),
        params,
        headers,
        ...(body && { body }),
      });
      expect([answer.status < 300, answer.text]).toEqual([true, answer.text]);
      const rows = await until('its row', async () => {
        const { data } = (await services.call('GET', '/api/v1/audit', { token: token(), query: { limit: 50 } })).body;
        const own = data.filter((row: { correlation_id: string }) => row.correlation_id === correlation);
        return own.length > 0 ? (own as Row[]) : undefined;
      });
      const row = rows.find(({ action }) => action === change.action);
      expect(rows.map(({ action }) => action)).toContain(change.action);
      expect(row).toMatchObject({ actor: `operator:${services.pocketbase.email}`, via: 'api' });
      if (change.id) expect(row?.subject).toBe(params.id);
      if (change.changes) expect(row?.detail.changes).toMatchObject(change.changes);
      expect(JSON.stringify(rows)).not.toContain(SECRET);
    },
  );
});
