import { createHmac } from 'node:crypto';
import http from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { Webhook } from 'standardwebhooks';
import { describeWithServices } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { type Answer, type RequestParts, send } from './request.ts';
import { type Json, openWorkspace, type Workspace } from './workspace.ts';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452ff00fe80', 'hex');
const JSON_TYPE = { 'content-type': 'application/json' };
const MEBIBYTE = 1024 * 1024;

describeWithServices('what ingest accepts', () => {
  let workspace: Workspace;
  let sink: Sink;

  beforeAll(async () => {
    sink = await startSink();
    workspace = await openWorkspace();
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  const post = (source: string, parts: RequestParts) => send(`${workspace.app.url}/ingest/${source}`, parts);
  const received = (path: string) => sink.requests.filter(({ url }) => url === path);

  /** A source whose events show what expressions see as `body`, and a sink of its own. */
  async function open(path: string, source: object = {}) {
    return workspace.route({
      source: { extract: { seen: 'body' }, ...source },
      destination: { type: 'http', url: `${sink.url}${path}` },
    });
  }

  async function stored({ status, text }: Answer): Promise<Json> {
    expect([status, text]).toEqual([202, expect.any(String)]);
    const { id } = JSON.parse(text) as { id: string };
    await workspace.deliveries(id, 'delivered');
    return (await workspace.api('GET', `/events/${id}`)).body;
  }

  describe('a request that holds several events', () => {
    const bounce = '{"sg_event_id":"a2","event":"bounce","email":"b@example.com","n":12345678901234567890}';
    const list = `[{"sg_event_id":"a1","event":"delivered","email":"a@example.com"},${bounce}]`;

    test('each is delivered by itself; sent again, all are duplicates; replayed, one goes out as it was', async () => {
      const { source, sourceId } = await workspace.route({
        source: { preset: 'sendgrid', verification: 'none' },
        destination: { type: 'http', url: `${sink.url}/batch` },
        mapping: { filter: 'body.event == "bounce"' },
      });
      const first = await post(source, { headers: JSON_TYPE, body: list });
      const answer = JSON.parse(first.text);
      expect([first.status, answer]).toMatchObject([202, { status: 'accepted', accepted: 2, duplicates: 0 }]);
      const ids = answer.events.map(({ id }: { id: string }) => id);
      await workspace.deliveries(ids[1], 'delivered');
      expect(received('/batch').map(({ body }) => String(body))).toEqual([bounce]);
      const { body: found } = await workspace.api('GET', `/events?correlation_id=${answer.correlation_id}`);
      expect(found.data).toMatchObject([
        { id: ids[1], item: 2, type: 'bounce', dedupe_key: 'a2', decisions: [{ outcome: 'delivery' }] },
        { id: ids[0], item: 1, type: 'delivered', dedupe_key: 'a1', decisions: [{ outcome: 'filtered' }] },
      ]);
      const again = await post(source, { headers: JSON_TYPE, body: list });
      expect([again.status, JSON.parse(again.text)]).toMatchObject([
        200,
        { accepted: 0, duplicates: 2, events: ids.map((id: string) => ({ id, duplicate: true })) },
      ]);
      for (const mode of ['original', 'current'])
        expect((await workspace.api('POST', `/events/${ids[1]}/replay`, { mode })).status).toBe(202);
      await workspace.deliveries(ids[1], 'delivered');
      expect(new Set(received('/batch').map(({ body }) => String(body))).size).toBe(1);
      const preview = { source: sourceId, body: list, item: 2, filter: 'body.event == "bounce"' };
      expect((await workspace.api('POST', '/mappings/preview', preview)).body).toMatchObject({
        event_type: 'bounce',
        items: 2,
        outcome: 'delivery',
      });
    });

    test('what could not be split is kept, and delivered in parts once the expression is mended', async () => {
      const { source, sourceId, mappingId } = await workspace.route({
        source: { split: 'body.evnts' },
        destination: { type: 'http', url: `${sink.url}/mended` },
        mapping: { filter: 'body.n > 1' },
      });
      const { text } = await post(source, { body: '{"events":[{"n":1},{"n":2},{"n":3}]}', headers: JSON_TYPE });
      const { id } = JSON.parse(text);
      const { body: event } = await workspace.api('GET', `/events/${id}`);
      expect(event).toMatchObject({ item: 0, decisions: [{ outcome: 'error', where: 'source.split' }] });
      const backtest = { mapping: mappingId, events: [id] };
      expect((await workspace.api('POST', '/mappings/backtest', backtest)).body.totals).toMatchObject({ error: 1 });
      await workspace.api('PATCH', `/sources/${sourceId}`, { split: 'body.events' });
      expect((await workspace.api('POST', '/mappings/backtest', backtest)).body.totals).toMatchObject({ events: 3 });
      const replayed = await workspace.api('POST', `/events/${id}/replay`, { mode: 'current' });
      expect(replayed).toMatchObject({ status: 202, body: { deliveries: { length: 2 } } });
      await workspace.deliveries(id, 'delivered');
      expect(
        received('/mended')
          .map(({ body }) => String(body))
          .sort(),
      ).toEqual(['{"n":2}', '{"n":3}']);
    });
  });

  describe('every payload is kept and passed on byte for byte', () => {
    let source: string;
    beforeAll(async () => {
      ({ source } = await open('/kept'));
    });

    const form = 'application/x-www-form-urlencoded';
    const github = `payload=${encodeURIComponent('{"action":"opened","n":1}')}`;
    test.each<[what: string, type: string | undefined, body: string | Buffer, seen: unknown]>([
      ['JSON', 'application/json', '{ "a" : [1, 2.50, "é\\u0041"] }\r\n', { a: [1, 2.5, 'éA'] }],
      ['a scalar', 'application/json', ' "text" ', 'text'],
      ['+json with parameters', 'application/vnd.api+json; charset=utf-8', '{"a":null}', { a: null }],
      ['text/json in capitals', 'TEXT/JSON', '{"a":1}', { a: 1 }],
      ['keys that objects have already', 'application/json', '{"constructor":1,"toString":[]}', expect.anything()],
      ['half a surrogate pair', 'application/json', '{"a":"\\ud800"}', expect.anything()],
      ['form', form, 'a=1&b=%C3%A9+x', { a: '1', b: 'é x' }],
      ['form with a repeated field', form, 'a=1&a=2', { a: ['1', '2'] }],
      ["GitHub's form", form, github, { action: 'opened', n: 1 }],
      ['JSON as curl sends it by default', form, '{"a":1}', { a: 1 }],
      ['JSON as text', 'text/plain', '[1]', [1]],
      ['JSON without a type', undefined, '{"a":1}', { a: 1 }],
      ['text', 'text/plain; charset=utf-8', 'hello é', 'hello é'],
      ['broken JSON as text', 'text/plain', '{"a":', '{"a":'],
      ['XML', 'application/soap+xml', '<a>1</a>', '<a>1</a>'],
      ['binary', 'application/octet-stream', PNG, null],
      ['binary under a text type', 'text/plain', PNG, null],
      ['text with a NUL', 'text/plain', 'a\0b', 'a\0b'],
      ['nothing', undefined, '', null],
      ['nothing under a JSON type', 'application/json', '', null],
      ['multipart', 'multipart/form-data; boundary=x', '--x\r\n\r\n1\r\n--x--\r\n', {}],
    ])('%s', async (_what, type, body, seen) => {
      const event = await stored(await post(source, { body, headers: type ? { 'content-type': type } : {} }));
      expect(Buffer.from(event.body, event.body_encoding)).toEqual(Buffer.from(body));
      expect(event.content_type).toBe(type ?? '');
      expect(event.extracted).toEqual({ seen });
      const delivered = received('/kept').at(-1);
      expect(delivered?.body).toEqual(Buffer.from(body));
      expect(delivered?.headers['webhook-id']).toBe(event.deliveries[0].id);
    });

    test.each<[string, (bytes: Buffer) => Buffer]>([
      ['gzip', gzipSync],
      ['deflate', deflateSync],
      ['br', brotliCompressSync],
      ['identity', (bytes) => bytes],
    ])('%s is undone', async (encoding, compress) => {
      const json = JSON.stringify({ text: 'é'.repeat(50_000) });
      const headers = { 'content-type': 'application/json', 'content-encoding': encoding };
      const event = await stored(await post(source, { body: compress(Buffer.from(json)), headers }));
      expect(event.body).toBe(json);
      expect(received('/kept').at(-1)?.headers).not.toHaveProperty('content-encoding');
    });

    test('chunks become one body', async () => {
      const event = await stored(
        await post(source, {
          body: ['{"a":', Buffer.from('"é"'), '}'],
          headers: { 'content-type': 'application/json' },
        }),
      );
      expect(event.extracted).toEqual({ seen: { a: 'é' } });
    });
  });

  test('a body may be as large as the source says, on the wire and inflated', async () => {
    const { source, sourceId } = await open('/limited', { max_body_bytes: 1_000 });
    const { source: large } = await open('/large', { max_body_bytes: 25 * MEBIBYTE, extract: null });
    const text = { 'content-type': 'text/plain' };
    const gzip = { ...text, 'content-encoding': 'gzip' };
    expect(await stored(await post(source, { body: 'x'.repeat(1_000), headers: text }))).toBeDefined();

    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const bomb = gzipSync(Buffer.alloc(64 * MEBIBYTE));
    for (const parts of [
      { body: 'x'.repeat(1_001), headers: text },
      { body: ['x'.repeat(900), 'x'.repeat(101)], headers: text },
      { body: gzipSync('x'.repeat(1_001)), headers: gzip },
      { body: bomb, headers: gzip },
    ]) {
      const refused = await post(source, { ...parts, agent });
      expect([refused.status, JSON.parse(refused.text)]).toEqual([
        413,
        expect.objectContaining({ code: 'body_too_large', detail: expect.stringContaining('1000 bytes') }),
      ]);
      // Whatever became of the connection, the next request of the same producer is served.
      expect((await post(source, { body: 'ok', headers: text, agent })).status).toBe(202);
    }
    agent.destroy();
    const events = await workspace.pb.collection('events').getFullList({ filter: `source = "${sourceId}"` });
    expect(events).toHaveLength(5);

    expect(
      (await stored(await post(large, { body: Buffer.alloc(6 * MEBIBYTE, 'x'), headers: text }))).body,
    ).toHaveLength(6 * MEBIBYTE);
  });

  describe('a duplicate is stored once', () => {
    const key = Buffer.alloc(32, 1).toString('base64');
    const sign = (body: string) => createHmac('sha256', 'a secret').update(body).digest('hex');
    const standard = (id: string, body: string) => ({
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(Date.now() / 1000)),
      'webhook-signature': new Webhook(key).sign(id, new Date(), body),
    });
    test.each<[string, object, (id: string, body: string) => Record<string, string>]>([
      [
        'github: X-GitHub-Delivery',
        { verification: 'github', secrets: ['a secret'] },
        (id, body) => ({ 'x-github-delivery': id, 'x-hub-signature-256': `sha256=${sign(body)}` }),
      ],
      ['standard-webhooks: webhook-id', { verification: 'standard-webhooks', secrets: [`whsec_${key}`] }, standard],
      [
        'hmac: Idempotency-Key',
        { verification: 'hmac', secrets: ['a secret'], verification_options: { header: 'X-Mine' } },
        (id, body) => ({ 'idempotency-key': id, 'x-mine': sign(body) }),
      ],
      ['none: Idempotency-Key', {}, (id) => ({ 'idempotency-key': id })],
      ['an expression of its own', { dedupe_key: 'headers[?"x-own"].orValue("")' }, (id) => ({ 'x-own': id })],
    ])('%s', async (_name, source, headers) => {
      const { source: name } = await open('/duplicates', source);
      const before = received('/duplicates').length;
      const json = { 'content-type': 'application/json' };
      const first = await post(name, { body: '{"n":1}', headers: { ...json, ...headers('one', '{"n":1}') } });
      const again = await post(name, { body: '{"n":2}', headers: { ...json, ...headers('one', '{"n":2}') } });
      const other = await post(name, { body: '{"n":1}', headers: { ...json, ...headers('two', '{"n":1}') } });
      expect([first.status, again.status, other.status]).toEqual([202, 200, 202]);
      expect(JSON.parse(again.text)).toMatchObject({ id: JSON.parse(first.text).id, duplicate: true });
      expect(await stored(first)).toMatchObject({ duplicates: 1, dedupe_key: 'one', body: '{"n":1}' });
      await stored(other);
      expect(received('/duplicates').length - before).toBe(2);
    });

    test('20 at the same time are one event; without a key each is an event', async () => {
      const { source, sourceId } = await open('/race');
      const race = (headers: Record<string, string>) =>
        Promise.all(Array.from({ length: 20 }, () => post(source, { body: '{}', headers })));
      const same = await race({ 'idempotency-key': 'same' });
      expect(same.map(({ status }) => status).sort()).toEqual([...Array(19).fill(200), 202]);
      expect(new Set(same.map(({ text }) => JSON.parse(text).id)).size).toBe(1);
      const event = await stored(same.find(({ status }) => status === 202) as Answer);
      expect(event.duplicates).toBe(19);
      expect(received('/race')).toHaveLength(1);

      const each = await race({});
      expect(new Set(each.map(({ status }) => status))).toEqual(new Set([202]));
      const events = await workspace.pb.collection('events').getFullList({ filter: `source = "${sourceId}"` });
      expect(events).toHaveLength(21);
    });
  });

  test('what can not be stored fails alone in a commit that it shares with others', async () => {
    const { source } = await open('/shared');
    const good = Array.from({ length: 20 }, (_, n) => post(source, { body: JSON.stringify({ n }) }));
    const bad = post(source, { body: '{}', headers: { 'content-type': `text/${'x'.repeat(2_000)}` } });
    const more = Array.from({ length: 20 }, (_, n) => post(source, { body: JSON.stringify({ n }) }));
    const { status, text } = await bad;
    expect([status, JSON.parse(text)]).toEqual([
      400,
      expect.objectContaining({ detail: expect.stringContaining('content_type') }),
    ]);
    const answers = await Promise.all([...good, ...more]);
    for (const answer of answers) await stored(answer);
    expect(received('/shared')).toHaveLength(40);
  });

  test.each([
    ['a valid one is kept', 'order-4711_a.B', 'order-4711_a.B'],
    ['none', undefined, expect.stringMatching(/^[0-9a-f-]{36}$/)],
    ['another form', 'a b', expect.stringMatching(/^[0-9a-f-]{36}$/)],
    ['too long', 'x'.repeat(129), expect.stringMatching(/^[0-9a-f-]{36}$/)],
  ])('correlation id: %s', async (_name, given, expected) => {
    const { source } = await open('/correlated');
    const answer = await post(source, { body: '{}', headers: given ? { 'x-correlation-id': given } : {} });
    const id = answer.headers['x-correlation-id'];
    expect(id).toEqual(expected);
    expect(JSON.parse(answer.text).correlation_id).toBe(id);
    expect((await stored(answer)).correlation_id).toBe(id);
    expect(received('/correlated').at(-1)?.headers['x-correlation-id']).toBe(id);
  });

  test.each([
    ['longer than there is room for', `01-${'a'.repeat(32)}-${'b'.repeat(16)}-01-${'c'.repeat(5_000)}`],
    ['not valid', 'ff-x'],
  ])('a traceparent that is %s costs nobody an event', async (_name, traceparent) => {
    const { source } = await open('/traced');
    await stored(await post(source, { body: '{}', headers: { traceparent } }));
    expect(received('/traced').at(-1)?.headers).not.toHaveProperty('traceparent');
  });
});
