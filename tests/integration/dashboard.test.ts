import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventSource } from 'eventsource';
import PocketBase, { ClientResponseError, type RecordModel } from 'pocketbase';
import { describeWithServices } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { type Json, openWorkspace, type Workspace } from './workspace.ts';

const CANARY = 'canary-of-a-secret';
const SIGNING_SECRET = `whsec_${Buffer.from(`${CANARY}-${'x'.repeat(20)}`).toString('base64')}`;
const MASKED = expect.stringMatching(/^••••/);

/** What a save was refused with, by field; fails when it was not refused. */
async function refusal(save: Promise<unknown>): Promise<Record<string, string>> {
  const fault = await save.then(
    () => undefined,
    (error) => error,
  );
  expect(fault).toBeInstanceOf(ClientResponseError);
  expect(fault.status).toBe(400);
  const data = fault.response.data as Record<string, { message: string }>;
  return Object.fromEntries(Object.entries(data).map(([field, { message }]) => [field, message]));
}

describeWithServices('edits in the dashboard', () => {
  let workspace: Workspace;
  let sink: Sink;
  let pb: PocketBase;

  beforeAll(async () => {
    sink = await startSink();
    workspace = await openWorkspace();
    ({ pb } = workspace);
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  const accept = async (source: string): Promise<string> =>
    ((await (await workspace.ingest(source, '{}')).json()) as { id: string }).id;

  describe('a broken expression is refused at its field', () => {
    test.each<['sources' | 'mappings', string, unknown, RegExp]>([
      ['sources', 'event_type', 'body.type +', /expected|Unexpected|end/i],
      ['sources', 'dedupe_key', 'nothing.known', /nothing/],
      ['sources', 'extract', { title: 'body.issue.title', bad: 'body..x' }, /In "bad"/],
      ['sources', 'extract', ['body'], /map of names/],
      ['mappings', 'filter', 'body.action = "opened"', /=/],
      ['mappings', 'filter', 'body.matches("(")', /./],
      ['mappings', 'filter', '"abc"', /true or false.*always a text/],
      ['mappings', 'template', '{{ body.title.escapeHtm() }}', /no function escapeHtm/],
      ['mappings', 'template', '{{ format("one", 2) }}', /not defined for these values/],
      ['mappings', 'template', { text: 'Hello {{ body.name' }, /In text/],
      ['mappings', 'template', { list: [{ deep: '{{ unknown }}' }] }, /In list.*deep/],
    ])('%s.%s: %j', async (collection, field, value, message) => {
      const route = await workspace.route({ destination: { type: 'inbox' } });
      const id = collection === 'sources' ? route.sourceId : route.mappingId;
      const before = await pb.collection(collection).getOne(id);
      const updated = await refusal(pb.collection(collection).update(id, { [field]: value }));
      expect(updated).toEqual({ [field]: expect.stringMatching(message) });
      const { id: _id, ...copy } = before;
      const created = await refusal(
        pb.collection(collection).create({ ...copy, name: 'a-copy', secrets: null, [field]: value }),
      );
      expect(created).toEqual(updated);
      expect(await pb.collection(collection).getOne(id)).toEqual(before);
    });
  });

  test('the functions that only run in the API are known to the check', async () => {
    const { sourceId } = await workspace.route({ destination: { type: 'inbox' } });
    const extract = {
      a: 'jsonDecode(body.a).b',
      b: 'sha256(base64Decode(body.b)).escapeUrl()',
      c: 'format(timestamp(body.c), "%F", "Europe/Berlin").escapeMarkdown() + format(body.d, 2, "de").escapeHtml()',
    };
    expect(await workspace.pb.collection('sources').update(sourceId, { extract })).toMatchObject({ extract });
  });

  test('secrets come back masked, are kept when the mask is saved, and are nowhere in the clear', async () => {
    const messages: unknown[] = [];
    // As in the browser that the dashboard runs in.
    globalThis.EventSource ??= EventSource as unknown as typeof globalThis.EventSource;
    for (const collection of ['sources', 'destinations', 'mappings'])
      await pb.collection(collection).subscribe('*', (message) => messages.push(message));
    const source = await pb.collection('sources').create({
      name: 'secretive',
      enabled: true,
      verification: 'hmac',
      verification_options: { header: 'x-signature' },
      secrets: [`${CANARY}-of-a-source`],
    });
    const destination = await pb.collection('destinations').create({
      name: 'secretive',
      type: 'http',
      enabled: true,
      url: `${sink.url}/secretive`,
      headers: { authorization: `Bearer ${CANARY}` },
      secrets: [SIGNING_SECRET],
    });
    const chat = await pb.collection('destinations').create({
      name: 'chat',
      type: 'discord',
      enabled: true,
      url: `${sink.url}/api/webhooks/1/${CANARY}-of-a-url`,
    });
    const mapping = { name: 'm', source: source.id, destination: destination.id, enabled: true };
    await pb.collection('mappings').create(mapping);
    await pb.collection('mappings').create({ ...mapping, name: 'to chat', destination: chat.id });
    const seen = [
      source,
      destination,
      chat,
      await pb.collection('mappings').getFullList({ expand: 'source,destination' }),
    ];

    // As a form saves it: everything that was shown, masks included, with one field changed.
    for (const [collection, record] of [
      ['sources', source],
      ['destinations', destination],
      ['destinations', chat],
    ] as const) {
      seen.push(await pb.collection(collection).update(record.id, { ...record, name: `${record.name}-renamed` }));
    }
    expect(source.secrets).toEqual([MASKED]);
    expect(destination).toMatchObject({ secrets: [MASKED], headers: { authorization: MASKED } });
    expect(chat.url).toMatch(/\/api\/webhooks\/1\/••••/);
    await until('the changes over realtime', () => (messages.length >= 8 ? true : undefined));
    await pb.realtime.unsubscribe();
    expect(JSON.stringify([seen, messages])).not.toContain(CANARY);

    // They still work: the signature that a producer makes fits, and what is sent carries them.
    const signature = createHmac('sha256', `${CANARY}-of-a-source`).update('{}').digest('hex');
    const response = await until('the edits to be in force', async () => {
      const answer = await workspace.ingest('secretive-renamed', '{}', { 'x-signature': signature });
      return answer.status === 202 ? answer : undefined;
    });
    await workspace.deliveries(((await response.json()) as { id: string }).id, 'delivered');
    expect(sink.requests.map(({ url }) => url)).toContain(`/api/webhooks/1/${CANARY}-of-a-url`);
    expect(sink.requests.find(({ url }) => url === '/secretive')?.headers).toMatchObject({
      authorization: `Bearer ${CANARY}`,
      'webhook-signature': expect.stringMatching(/^v1,/),
    });

    const { dataDir } = workspace.pocketbase;
    for (const file of readdirSync(dataDir).filter((name) => name.includes('.db'))) {
      const bytes = readFileSync(join(dataDir, file));
      for (const text of [CANARY, SIGNING_SECRET.slice(6)]) expect([file, bytes.includes(text)]).toEqual([file, false]);
    }
    const logs = JSON.stringify([workspace.app.lines, workspace.pocketbase.lines]);
    for (const text of [CANARY, SIGNING_SECRET.slice(6)]) expect(logs).not.toContain(text);
  });

  test('disabling a destination holds its deliveries, enabling it releases them in order', async () => {
    const { source, destinationId } = await workspace.route({
      destination: { type: 'http', url: `${sink.url}/held`, ordered: true },
    });
    const destinations = pb.collection('destinations');
    await destinations.update(destinationId, { enabled: false, disabled_reason: 'maintenance of ours' });
    const ids: string[] = [];
    await until('the edit to be in force', async () => {
      const id = await accept(source);
      ids.push(id);
      return (await workspace.api('GET', `/events/${id}`)).body.decisions[0].outcome === 'held' ? true : undefined;
    });
    for (let n = 0; n < 3; n++) ids.push(await accept(source));
    const held = ids.slice(-4);
    for (const id of held) await workspace.deliveries(id, 'held');
    expect((await workspace.api('GET', `/events/${held[3]}`)).body.decisions).toMatchObject([
      { outcome: 'held', reason: 'maintenance of ours' },
    ]);

    await destinations.update(destinationId, { enabled: true });
    const deliveries: RecordModel[] = [];
    for (const id of held) deliveries.push(...(await workspace.deliveries(id, 'delivered')));
    const order = sink.requests.filter(({ url }) => url === '/held').map(({ headers }) => headers['webhook-id']);
    expect(order.slice(-4)).toEqual(deliveries.map(({ id }) => id));
    expect((await destinations.getOne(destinationId)).disabled_reason).toBe('');
  });

  test('each edit raises the version, and reaches the API', async () => {
    const version = async () =>
      (await pb.send<{ config_version: number }>('/api/pockethook/config', {})).config_version;
    const { source, sourceId } = await workspace.route({ destination: { type: 'inbox' } });
    const before = await version();
    await pb.collection('sources').update(sourceId, { event_type: '"renamed"' });
    expect(await version()).toBe(before + 1);
    await until('the new event type', async () => {
      const { body } = await workspace.api('GET', `/events/${await accept(source)}`);
      return body.type === 'renamed' ? true : undefined;
    });
    await pb.collection('sources').delete(sourceId);
    await until('the source to be gone', async () =>
      (await workspace.ingest(source, '{}')).status === 404 ? true : undefined,
    );
  });

  describe('accounts stay apart', () => {
    let mine: Json;
    let theirs: Json;
    let user: PocketBase;

    beforeAll(async () => {
      const own = async (name: string) => {
        const account = await pb.collection('accounts').create({ name });
        const fields = { name, account: account.id, enabled: true };
        const source = await pb.collection('sources').create({ ...fields, verification: 'none' });
        const destination = await pb.collection('destinations').create({ ...fields, type: 'inbox' });
        const mapping = await pb
          .collection('mappings')
          .create({ ...fields, source: source.id, destination: destination.id });
        const event = await until('the source to be known', async () => {
          const answer = await workspace.ingest(name, '{"who":"owner"}');
          return answer.status === 202 ? ((await answer.json()) as { id: string }) : undefined;
        });
        await until('the mapping to be known', async () => {
          const { body } = await workspace.api('GET', `/events/${await accept(name)}`);
          return body.deliveries.length > 0 ? true : undefined;
        });
        await workspace.ingest(name, '{');
        return { account, source, destination, mapping, event };
      };
      [mine, theirs] = [await own('account-mine'), await own('account-theirs')];
      const login = { email: 'admin@mine.example', password: 'correct horse battery' };
      await pb
        .collection('users')
        .create({ ...login, passwordConfirm: login.password, account: mine.account.id, role: 'admin', verified: true });
      user = new PocketBase(workspace.pocketbase.url);
      user.autoCancellation(false);
      await user.collection('users').authWithPassword(login.email, login.password);
    });

    test('a mapping can not lead across accounts', async () => {
      const fields = { name: 'across', enabled: true, account: mine.account.id, source: mine.source.id };
      const created = pb.collection('mappings').create({ ...fields, destination: theirs.destination.id });
      expect(await refusal(created)).toEqual({ destination: expect.stringContaining('another account') });
      const updated = pb.collection('mappings').update(mine.mapping.id, { source: theirs.source.id });
      expect(await refusal(updated)).toEqual({ source: expect.stringContaining('another account') });
    });

    test.each([
      'accounts',
      'sources',
      'destinations',
      'mappings',
      'events',
      'event_bodies',
      'deliveries',
      'attempts',
      'rejections',
    ])('a user sees of %s what is its own, and writes nothing', async (collection) => {
      const all = await until(`${collection} of both accounts`, async () => {
        const records = await pb.collection(collection).getFullList();
        const owners = records.map(({ account, id }) => account ?? id);
        return [mine, theirs].every(({ account }) => owners.includes(account.id)) ? records : undefined;
      });
      const owned = all.filter(({ account, id }) => (account ?? id) === mine.account.id);
      const foreign = all.find(({ account, id }) => (account ?? id) === theirs.account.id);
      const visible = await user.collection(collection).getFullList();
      expect(visible.map(({ id }) => id).sort()).toEqual(owned.map(({ id }) => id).sort());
      await expect(user.collection(collection).getOne(foreign?.id ?? '')).rejects.toMatchObject({ status: 404 });
      // A filter must not tell what a listing hides.
      const filter = `id = "${foreign?.id}"`;
      expect((await user.collection(collection).getList(1, 1, { filter })).totalItems).toBe(0);
      const attempts = [
        () => user.collection(collection).create({ ...owned[0], id: undefined, name: 'new' }),
        () => user.collection(collection).update(owned[0]?.id ?? '', { name: 'changed' }),
        () => user.collection(collection).delete(owned[0]?.id ?? ''),
      ];
      for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ status: 403 });
    });

    test.each(['config', 'stats'])('the route %s is not for users', async (route) => {
      await expect(user.send(`/api/pockethook/${route}`, {})).rejects.toMatchObject({ status: 403 });
    });
  });
});
