import { randomUUID } from 'node:crypto';
import type PocketBase from 'pocketbase';
import { createDecrypt } from '../../api/src/store/pocketbase/secrets.ts';
import { type LosingProxy, startLosingProxy } from '../support/losing-proxy.ts';
import {
  describeWithServices,
  startApp,
  startPocketBase,
  superuser,
  type TestApp,
  type TestPocketBase,
} from '../support/services.ts';
import { until } from '../support/until.ts';

let pocketbase: TestPocketBase;
let proxy: LosingProxy;
let pb: PocketBase;
/** Two processes of the API: the first reaches the store through what loses answers. */
let apps: [TestApp, TestApp];
let token: string;

interface Asked {
  key?: string | undefined;
  body?: object;
  method?: string;
  by?: string;
  at?: TestApp;
  headers?: Record<string, string>;
}

async function ask(path: string, { key, body, method = 'POST', by = token, at = apps[0], headers = {} }: Asked = {}) {
  const response = await fetch(`${at.url}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${by}`,
      ...(body && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text ? JSON.parse(text) : undefined,
    replayed: response.headers.get('idempotent-replayed'),
    retryAfter: response.headers.get('retry-after'),
  };
}

const destination = () => ({ name: randomUUID(), type: 'http', url: 'https://example.com/' });
const made = (name: string) => pb.collection('destinations').getFullList({ filter: `name = "${name}"` });

describeWithServices('a change that is asked for again', () => {
  beforeAll(async () => {
    pocketbase = await startPocketBase();
    proxy = await startLosingProxy(pocketbase.url);
    pb = await superuser(pocketbase);
    apps = [await startApp(pocketbase, { pocketbaseUrl: proxy.url }), await startApp(pocketbase)];
    const { email, password } = pocketbase;
    token = (await ask('/session', { body: { email, password }, by: '' })).body.token;
  });
  afterEach(() => {
    proxy.lose = 0;
    proxy.onChange = undefined;
  });
  afterAll(async () => {
    await Promise.all(apps.map((app) => app.stop()));
    await proxy.close();
    await pocketbase.stop();
  });

  test('an answer that is lost between the services is asked for again: one record, whole answer, no replay', async () => {
    proxy.lose = 1;
    const body = destination();
    const answer = await ask('/destinations', { body });
    expect([answer.status, answer.replayed]).toEqual([201, null]);
    expect(answer.body.secrets[0]).toMatch(/^whsec_/);
    expect(await made(body.name)).toHaveLength(1);
  });

  test('503 for a save that happened: the same request with the same key gets what was made then, secret and all', async () => {
    proxy.lose = Number.POSITIVE_INFINITY;
    const [key, body] = [randomUUID(), destination()];
    const lost = await ask('/destinations', { key, body });
    expect(lost).toMatchObject({ status: 503, retryAfter: '5', body: { code: 'store_unavailable' } });
    expect(lost.body.detail).toContain('Idempotency-Key');
    const [record] = await made(body.name);
    proxy.lose = 0;
    const again = await ask('/destinations', { key: `"${key}"`, body });
    expect(again).toMatchObject({ status: 201, replayed: 'true', body: { id: record?.id, name: body.name } });
    expect(await made(body.name)).toHaveLength(1);
    expect(again.body.secrets).toEqual([await storedSecret(record?.id as string)]);
    // By then from another process too.
    expect(await ask('/destinations', { key, body, at: apps[1] })).toEqual(again);
  });

  test('a key for the API that was made without an answer works with the answer to the repetition', async () => {
    proxy.lose = Number.POSITIVE_INFINITY;
    const [key, body] = [randomUUID(), { name: randomUUID(), role: 'operator' }];
    expect((await ask('/api-keys', { key, body })).status).toBe(503);
    proxy.lose = 0;
    const again = await ask('/api-keys', { key, body });
    expect(again).toMatchObject({ status: 201, replayed: 'true' });
    expect((await ask('/sources', { by: again.body.key, method: 'GET' })).status).toBe(200);
    await ask(`/api-keys/${again.body.id}`, { method: 'DELETE' });
    expect(await ask('/api-keys', { key, body })).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  test('the same request at the same time, at two processes, makes one record', async () => {
    const [key, body] = [randomUUID(), destination()];
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, index) => ask('/destinations', { key, body, at: apps[index % 2] as TestApp })),
    );
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.id} ${body.secrets}`)).size).toBe(1);
    expect(answers.filter(({ replayed }) => replayed !== 'true')).toHaveLength(1);
    expect(await made(body.name)).toHaveLength(1);
  });

  test('killed at any moment, the store has one record in the end', async () => {
    for (let turns = 0; turns < 5; turns++) {
      const [key, body] = [randomUUID(), destination()];
      const { pid } = pocketbase;
      proxy.onChange = async () => {
        proxy.onChange = undefined;
        for (let turn = 0; turn < turns * 3; turn++) await new Promise(setImmediate);
        process.kill(pid as number, 'SIGKILL');
      };
      let answer = await ask('/destinations', { key, body });
      while (answer.status === 503) answer = await ask('/destinations', { key, body });
      expect(answer.status).toBe(201);
      // The answer may have been faster than the signal.
      await until('another process', () => (pocketbase.pid === pid ? undefined : true));
      pb = await superuser(pocketbase);
      expect((await made(body.name)).map(({ id }) => id)).toEqual([answer.body.id]);
    }
  });

  test('changes and deletions too: nothing is done twice, and what is gone has still the first answer', async () => {
    const { body: record } = await ask('/destinations', { body: destination() });
    const path = `/destinations/${record.id}`;
    const keys = [randomUUID(), randomUUID()] as const;
    const change = () => ask(path, { method: 'PATCH', key: keys[0], body: { enabled: false } });
    expect(await change()).toMatchObject({ status: 200, replayed: null, body: { enabled: false } });
    await ask(path, { method: 'PATCH', body: { enabled: true } });
    expect(await change()).toMatchObject({ status: 200, replayed: 'true', body: { enabled: true } });
    const remove = () => ask(path, { method: 'DELETE', key: keys[1] });
    expect(await remove()).toMatchObject({ status: 204, replayed: null });
    expect(await remove()).toMatchObject({ status: 204, replayed: 'true' });
    expect(await change()).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  test('what is paused, and asked for again, is paused once', async () => {
    const { body: record } = await ask('/destinations', { body: destination() });
    const key = randomUUID();
    const pause = () => ask(`/destinations/${record.id}/pause`, { key });
    const resume = () => ask(`/destinations/${record.id}/resume`);
    expect(await pause()).toMatchObject({ status: 200, replayed: null });
    await resume();
    expect(await pause()).toMatchObject({ status: 200, replayed: 'true' });
    expect((await ask(`/destinations/${record.id}`, { method: 'GET' })).body.paused).toBe(false);
  });

  test('an event is replayed once', async () => {
    const { body: source } = await ask('/sources', { body: { name: `s-${randomUUID()}` } });
    const { body: to } = await ask('/destinations', { body: { name: 'in', type: 'inbox' } });
    await ask('/mappings', { body: { name: 'm', source: source.id, destination: to.id } });
    const accepted = await fetch(`${apps[0].url}/ingest/${source.name}`, { method: 'POST', body: '{"a":1}' });
    const { id } = (await accepted.json()) as { id: string };
    const key = randomUUID();
    const replay = (mode: string) => ask(`/events/${id}/replay`, { key, body: { mode } });
    const first = await replay('current');
    const again = await replay('current');
    expect([first.status, again.status, first.replayed, again.replayed]).toEqual([202, 202, null, 'true']);
    expect(again.body.deliveries).toEqual(first.body.deliveries);
    expect(await replay('original')).toMatchObject({ status: 422 });
    const { totalItems } = await pb.collection('deliveries').getList(1, 1, { filter: `event = "${id}"` });
    expect(totalItems).toBe(2);
  });

  test('a key is for one request of one caller', async () => {
    const [key, body] = [randomUUID(), destination()];
    await ask('/destinations', { key, body });
    const other = await ask('/destinations', { key, body: { ...body, name: 'other' } });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const elsewhere = await ask('/sources', { key, body: { name: 'elsewhere' } });
    expect(elsewhere).toMatchObject({ status: 422 });
    const someone = (await ask('/api-keys', { body: { name: 'someone', role: 'operator' } })).body.key;
    const theirs = await ask('/destinations', { key, body: { ...body, name: `${body.name} too` }, by: someone });
    expect(theirs).toMatchObject({ status: 201, replayed: null });
    expect(await made(body.name)).toHaveLength(1);
  });

  test.each(['', '"', 'ö'.repeat(3), 'x'.repeat(256), '"a" b', 'a b'])('%j is no key', async (key) => {
    const body = destination();
    // Node's fetch takes no other characters than Latin-1 in a header.
    const answer = await ask('/destinations', { body, headers: { 'idempotency-key': key } });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'header/idempotency-key' }] } });
    expect(await made(body.name)).toHaveLength(0);
  });

  test('what was refused can be corrected with the same key', async () => {
    const [key, body] = [randomUUID(), destination()];
    expect((await ask('/destinations', { key, body: { ...body, url: 'http://10.0.0.1/' } })).status).toBe(400);
    expect((await ask('/destinations', { key, body })).status).toBe(201);
  });
});

async function storedSecret(id: string): Promise<string> {
  const { records } = await pb.send('/api/pockethook/config', { method: 'GET' });
  const { secrets } = records.destinations.find((one: { id: string }) => one.id === id);
  return createDecrypt(pocketbase.encryptionKeys)(secrets[0], {
    collection: 'destinations',
    record: id,
    field: 'secrets',
  });
}
