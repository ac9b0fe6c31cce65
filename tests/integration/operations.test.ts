import { createHmac } from 'node:crypto';
import { isTokenExpired } from 'pocketbase';
import { startWatch } from '../support/own-time.ts';
import { freePort } from '../support/product.ts';
import { describeWithServices, startApp } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { openWorkspace, type RoutedRecords, type Workspace } from './workspace.ts';

const CANARY = 'canary-in-a-payload';
const SECRET = 'canary-of-a-secret';

/** Series → value, as `/metrics` shows them, without those of the Node process. */
async function readMetrics(url: string): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/plain/)]);
  const lines = (await response.text()).split('\n').filter((line) => line.startsWith('pockethook_'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

describeWithServices('operations', () => {
  let workspace: Workspace;
  let sink: Sink;
  let signed: RoutedRecords;

  beforeAll(async () => {
    sink = await startSink({
      respond: ({ url }, response) => response.writeHead(url === '/down' ? 500 : 200).end(CANARY),
    });
    workspace = await openWorkspace();
    signed = await workspace.route({
      source: {
        verification: 'hmac',
        verification_options: { header: 'x-signature' },
        secrets: [SECRET],
        extract: { text: 'body.text' },
      },
      destination: { type: 'http', url: `${sink.url}/signed`, headers: { 'x-key': SECRET } },
      mapping: { template: { text: '{{ data.text }}' } },
    });
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  const sign = (body: string) => ({ 'x-signature': createHmac('sha256', SECRET).update(body).digest('hex') });
  const accept = async (source: string, body: string, headers: Record<string, string> = {}) => {
    const response = await workspace.ingest(source, body, headers);
    expect(response.status).toBe(202);
    return (await response.json()) as { id: string; correlation_id: string };
  };
  const metrics = () => readMetrics(workspace.app.url);
  const get = async (path: string, url = workspace.app.url) => {
    const response = await fetch(`${url}${path}`);
    return { status: response.status, headers: response.headers, body: (await response.json()) as unknown };
  };

  test('metrics count what happened', async () => {
    const down = await workspace.route({
      destination: { type: 'http', url: `${sink.url}/down`, retry_schedule: ['0s', '10ms'] },
    });
    const inbox = await workspace.route({ destination: { type: 'inbox' }, mapping: { filter: 'body.n == 1' } });
    const before = await metrics();

    const body = `{"text":"${CANARY}"}`;
    await workspace.deliveries((await accept(signed.source, body, sign(body))).id, 'delivered');
    await workspace.ingest(signed.source, body, { 'x-signature': 'none' });
    await workspace.deliveries((await accept(down.source, '{}')).id, 'dead');
    await workspace.deliveries((await accept(inbox.source, '{"n":1}', { 'idempotency-key': '1' })).id, 'delivered');
    await workspace.ingest(inbox.source, '{"n":1}', { 'idempotency-key': '1' });
    await accept(inbox.source, '{"n":2}');
    await workspace.ingest('nobody', '{}');

    const grown = Object.fromEntries(
      [...(await metrics())].map(([name, value]) => [name, value - (before.get(name) ?? 0)]),
    );
    const total = (name: string) => grown[`pockethook_${name}`];
    expect({
      accepted: total('ingest_requests_total{verification="none",result="accepted"}'),
      signed: total('ingest_requests_total{verification="hmac",result="accepted"}'),
      duplicate: total('ingest_requests_total{verification="none",result="duplicate"}'),
      refused: total('ingest_requests_total{verification="hmac",result="invalid_signature"}'),
      unknown: total('ingest_requests_total{verification="none",result="unknown_source"}'),
      answered: total('ingest_duration_seconds_count'),
      delivery: total('decisions_total{outcome="delivery"}'),
      filtered: total('decisions_total{outcome="filtered"}'),
      success: total('delivery_attempts_total{type="http",outcome="success"}'),
      retry: total('delivery_attempts_total{type="http",outcome="retry"}'),
      inbox: total('delivery_attempts_total{type="inbox",outcome="success"}'),
      attempts: total('delivery_attempt_duration_seconds_count{type="http"}'),
      errors: total('store_errors_total{call="accept"}') ?? 0,
    }).toEqual({
      accepted: 3,
      signed: 1,
      duplicate: 1,
      refused: 1,
      unknown: 1,
      answered: 6,
      delivery: 3,
      filtered: 1,
      success: 1,
      retry: 2,
      inbox: 1,
      attempts: 3,
      errors: 0,
    });
    expect(total('store_requests_total{call="accept"}')).toBeGreaterThanOrEqual(5);
    const now = await metrics();
    expect(now.get('pockethook_worker_slots_busy')).toBe(0);
    expect(now.get('pockethook_queue_oldest_due_seconds')).toBe(0);
    for (const state of ['pending', 'delivering', 'held'])
      expect(now.get(`pockethook_queue_deliveries{state="${state}"}`)).toBe(0);
  });

  test('the number of series does not grow with sources, destinations and what strangers ask for', async () => {
    const traffic = async () => {
      const { source } = await workspace.route({ destination: { type: 'inbox' } });
      await workspace.deliveries((await accept(source, '{}')).id, 'delivered');
      await workspace.ingest(`unknown-${source}`, '{}');
      await fetch(`${workspace.app.url}/path-of-${source}`);
      return source;
    };
    await traffic();
    const before = await metrics();
    const sources = [await traffic(), await traffic(), await traffic()];
    const after = await metrics();
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const name of sources) expect([...after.keys()].join()).not.toContain(name);
  });

  const linesOf = (correlation_id: string, count: number) =>
    until('the lines', () => {
      const found = workspace.app.lines.filter((line) => line.correlation_id === correlation_id);
      return found.length >= count ? found : undefined;
    });

  test('one wide line for an event of which all is well', async () => {
    const body = `{"text":"${CANARY}"}`;
    const { id } = await accept(signed.source, body, { ...sign(body), 'x-correlation-id': 'wide-1' });
    const [delivery] = await workspace.deliveries(id, 'delivered');
    expect(await linesOf('wide-1', 2)).toEqual([
      expect.objectContaining({ level: 'debug', message: 'ingest', source: signed.source, result: 'accepted' }),
      {
        level: 'info',
        message: 'delivery',
        correlation_id: 'wide-1',
        delivery: delivery?.id,
        event: id,
        source: signed.source,
        accepted_in_ms: expect.any(Number),
        bytes: body.length,
        deliveries: 1,
        destination: signed.destinationId,
        type: 'http',
        attempt: 1,
        outcome: 'success',
        status: 200,
        duration_ms: expect.any(Number),
        state: 'delivered',
        settled: 'settled',
      },
    ]);
  });

  test('a line of its own for an event without a delivery', async () => {
    const { source } = await workspace.route({ destination: { type: 'inbox' }, mapping: { filter: 'body.n == 1' } });
    const { id } = await accept(source, '{}', { 'x-correlation-id': 'wide-2' });
    expect(await linesOf('wide-2', 1)).toEqual([
      {
        level: 'info',
        message: 'ingest',
        correlation_id: 'wide-2',
        source,
        result: 'accepted',
        event: id,
        type: '',
        deliveries: 0,
        bytes: 2,
        duration_ms: expect.any(Number),
      },
    ]);
  });

  test('a schema that the code does not know is not ready', async () => {
    const app = await startApp(workspace.pocketbase, { schema: '9999999999_future.js' });
    expect(await get('/readyz', app.url)).toMatchObject({
      status: 503,
      body: { status: 'not ready', checks: { store: 'ok', schema: expect.stringContaining('9999999999_future.js') } },
    });
    await app.stop();
  });

  test('a store that is silent: not ready, 503 in time, and afterwards all is well', async () => {
    const { source, sourceId } = await workspace.route({ destination: { type: 'http', url: `${sink.url}/silent` } });
    expect(await get('/readyz')).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: { store: 'ok', schema: 'ok', dispatch: 'ok' } },
    });
    const port = await freePort();
    const pid = workspace.pocketbase.pid as number;
    process.kill(pid, 'SIGSTOP');
    // One process that was ready, and one that begins meanwhile.
    const starting = startApp(workspace.pocketbase, { config: { port } });
    try {
      const stopWatch = startWatch();
      const posts = Array.from({ length: 20 }, (_, n) => workspace.ingest(source, `{"n":${n}}`));
      const [ready, health, early, newcomer] = await Promise.all([
        get('/readyz'),
        get('/healthz'),
        fetch(`http://127.0.0.1:${port}/ingest/${source}`, { method: 'POST' }),
        get('/readyz', `http://127.0.0.1:${port}`),
      ]);
      const answers = await Promise.all(posts);
      expect(stopWatch()).toBeLessThan(5_000);
      expect(health.status).toBe(200);
      expect(ready).toMatchObject({ status: 503, body: { checks: { store: expect.stringContaining('PocketBase') } } });
      expect(ready.headers.get('retry-after')).toBe('5');
      expect(newcomer.body).toMatchObject({ checks: { dispatch: expect.stringContaining('not') } });
      for (const answer of [...answers, early]) {
        expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5']);
        expect(await answer.json()).toMatchObject({ code: 'store_unavailable' });
      }
    } finally {
      process.kill(pid, 'SIGCONT');
    }

    const newcomer = await starting;
    await until('readiness', async () => ((await get('/readyz')).status === 200 ? true : undefined));
    expect((await get('/readyz', newcomer.url)).status).toBe(200);
    await newcomer.stop();
    const { id } = await accept(source, '{"n":"after"}');
    await workspace.deliveries(id, 'delivered');
    // A 503 leaves open what was stored. Whatever was is whole: its body, its decision, its delivery.
    const events = await workspace.pb.collection('events').getFullList({ filter: `source = "${sourceId}"` });
    expect(events.length).toBeLessThanOrEqual(21);
    for (const event of events) {
      await workspace.pb.collection('event_bodies').getOne(event.id);
      const deliveries = await workspace.pb.collection('deliveries').getFullList({ filter: `event = "${event.id}"` });
      expect(deliveries.map((delivery) => delivery.id)).toEqual([event.decisions[0].delivery]);
    }
  });

  test("the store's tokens may be short: work goes on after they have run out", async () => {
    const { source, sourceId } = await workspace.route({ destination: { type: 'http', url: `${sink.url}/token` } });
    await workspace.pb.collections.update('_superusers', { authToken: { duration: 10 } });
    const app = await startApp(workspace.pocketbase);
    const { email, password } = workspace.pocketbase;
    const logIn = () => workspace.pb.collection('_superusers').authWithPassword(email, password);
    const { token } = await logIn();
    await until('a token that has run out', () => isTokenExpired(token) || undefined);
    const admin = await logIn();
    const call = (method: string, path: string, body?: object) =>
      fetch(`${app.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
        ...(body && { body: JSON.stringify(body) }),
      });
    const response = await call('POST', `/ingest/${source}`, {});
    expect(response.status).toBe(202);
    await workspace.deliveries(((await response.json()) as { id: string }).id, 'delivered');
    expect((await call('PATCH', `/api/v1/sources/${sourceId}`, { event_type: '"late"' })).status).toBe(200);
    expect((await call('GET', '/api/v1/events')).status).toBe(200);
    expect((await call('POST', `/ingest/${source}`, [])).status).toBe(202);
    expect((await get('/readyz', app.url)).status).toBe(200);
    expect(app.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
    await app.stop();
  });

  test('nothing of all this left a secret or a payload in the logs', () => {
    const logs = JSON.stringify([workspace.app.lines, workspace.pocketbase.lines]);
    expect(workspace.app.lines.length).toBeGreaterThan(20);
    for (const text of [CANARY, SECRET, workspace.pocketbase.password, workspace.pocketbase.encryptionKeys])
      expect(logs).not.toContain(text);
    expect(logs).not.toMatch(/whsec_|eyJ/);
  });
});
