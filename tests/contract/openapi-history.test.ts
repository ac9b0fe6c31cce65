import { randomUUID } from 'node:crypto';
import { acceptItem, describeWithServices } from '../support/pocketbase.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { type Services, startServices } from './openapi-services.ts';
import { aDeliveryTo, anEventOf } from './queue.fixture.ts';

const EVENT = '/api/v1/events/{id}';
const DELIVERY = '/api/v1/deliveries/{id}';
const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

let services: Services;
let sink: Sink;
/** Status that the sink answers. */
let answerWith = 204;

describeWithServices('events and deliveries', () => {
  beforeAll(async () => {
    sink = await startSink({ respond: (_request, response) => response.writeHead(answerWith).end('seen') });
    services = await startServices();
  });
  afterAll(async () => {
    await services?.stop();
    await sink?.close();
  });
  beforeEach(() => {
    answerWith = 204;
    sink.requests.splice(0);
  });

  const get = (path: string, id: string, token = services.operator) =>
    services.call('GET', path, { token, params: { id } });

  async function create(kind: string, body: object): Promise<Record<string, string>> {
    const answer = await services.call('POST', `/api/v1/${kind}`, { token: services.operator, body });
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body;
  }

  /** A source with one mapping to the sink. */
  async function path(mapping: object = {}, account?: string) {
    const owner = account === undefined ? {} : { account };
    const name = `s-${randomUUID()}`;
    const source = await create('sources', {
      ...owner,
      name,
      event_type: 'body.action',
      extract: { n: 'body.n' },
    });
    const destination = await create('destinations', { ...owner, name, type: 'http', url: `${sink.url}/hook` });
    const rule = await create('mappings', {
      ...owner,
      name,
      source: source.id,
      destination: destination.id,
      ...mapping,
    });
    return { source, destination, mapping: rule };
  }

  async function ingest(source: Record<string, string>, body: object | string, headers = {}): Promise<string> {
    const answer = await services.call('POST', '/ingest/{source}', {
      params: { source: source.name as string },
      body,
      headers,
    });
    if (answer.status !== 202) throw new Error(answer.text);
    return answer.body.id;
  }

  /** Asks until the delivery of the event is settled: settling is behind the sink's answer. */
  async function settledDelivery(event: string) {
    return until('the delivery to be settled', async () => {
      const { body } = await services.call('GET', '/api/v1/deliveries', { token: services.operator, query: { event } });
      const [delivery] = body.data;
      return delivery && delivery.state !== 'delivering' && delivery.attempts_made > 0 ? delivery : undefined;
    });
  }

  it('an event shows what came in, why it went where, and its deliveries', async () => {
    const { source, destination, mapping } = await path();
    const body = '{ "action": "opened",   "n": 7 }';
    const id = await ingest(source, body, {
      'content-type': 'application/json; charset=utf-8',
      authorization: 'Bearer secret-of-theirs',
      'X-Correlation-Id': 'order-17',
    });
    const settled = await settledDelivery(id);
    const event = await get(EVENT, id);
    expect(event.body).toMatchObject({
      id,
      source: source.id,
      type: 'opened',
      correlation_id: 'order-17',
      method: 'POST',
      body,
      body_encoding: 'utf8',
      extracted: { n: 7 },
      duplicates: 0,
      received_at: expect.stringMatching(RFC3339),
      decisions: [{ mapping: mapping.id, destination: destination.id, outcome: 'delivery', delivery: settled.id }],
      deliveries: [{ id: settled.id, state: 'delivered' }],
    });
    expect(event.text).not.toContain('secret-of-theirs');
  });

  it('a delivery shows the body as sent and its attempts', async () => {
    const { source } = await path({ template: { text: 'n is {{ data.n }}' } });
    const { id } = await settledDelivery(await ingest(source, { n: 7 }));
    const delivery = await get(DELIVERY, id);
    expect(delivery.body).toMatchObject({
      state: 'delivered',
      request_body: '{"text":"n is 7"}',
      request_body_encoding: 'utf8',
      request_content_type: 'application/json',
      last_status: 204,
      attempts: [{ number: 1, outcome: 'success', status: 204, error: '', started_at: expect.stringMatching(RFC3339) }],
    });
    expect(sink.requests[0]?.body.toString()).toBe(delivery.body.request_body);
    expect(delivery.text).not.toMatch(/lease|claims|tries_used/);
  });

  it('a body that passed through is shown with the delivery, bytes that are no text as base64', async () => {
    const { source } = await path();
    const bytes = Buffer.from([0, 255, 1]);
    const id = await ingest(source, bytes.toString('latin1'), { 'content-type': 'application/octet-stream' });
    const { id: delivery } = await settledDelivery(id);
    const { body } = await get(DELIVERY, delivery);
    const event = await get(EVENT, id);
    expect(body).toMatchObject({ passthrough: true, request_content_type: 'application/octet-stream' });
    expect(body.request_body).toBe(event.body.body);
    expect(Buffer.from(body.request_body, body.request_body_encoding)).toEqual(sink.requests[0]?.body);
  });

  it('are listed newest first, in pages, by each filter', async () => {
    const { source, destination, mapping } = await path({ filter: 'body.action == "b"' });
    const ids: string[] = [];
    for (const action of ['a', 'b', 'b']) ids.push(await ingest(source, { action, n: 1 }));
    await settledDelivery(ids[2] as string);
    const list = async (query: Record<string, string | number>) =>
      (await services.call('GET', '/api/v1/events', { token: services.operator, query })).body;
    const idsOf = (page: { data: { id: string }[] }) => page.data.map(({ id }) => id);
    const own = { source: source.id as string };

    expect(idsOf(await list(own))).toEqual([...ids].reverse());
    expect(idsOf(await list({ ...own, type: 'b' }))).toEqual([ids[2], ids[1]]);
    expect(idsOf(await list({ ...own, type: 'zzz' }))).toEqual([]);
    const first = await list({ ...own, limit: 2 });
    expect(idsOf(first)).toEqual([ids[2], ids[1]]);
    expect(await list({ ...own, limit: 2, cursor: first.next_cursor })).toMatchObject({
      data: [{ id: ids[0], decisions: [{ outcome: 'filtered', clause: 'body.action == "b"' }] }],
      next_cursor: null,
    });
    const oldest = (await list(own)).data[2];
    expect(idsOf(await list({ ...own, after_seq: oldest.seq }))).toEqual([ids[1], ids[2]]);
    const tail = await list({ ...own, after_seq: oldest.seq, limit: 1 });
    expect(idsOf(await list({ ...own, after_seq: oldest.seq, limit: 1, cursor: tail.next_cursor }))).toEqual([ids[2]]);
    expect(idsOf(await list({ ...own, to: oldest.received_at }))).toEqual([]);
    expect(idsOf(await list({ ...own, from: oldest.received_at }))).toHaveLength(3);

    const deliveries = async (query: Record<string, string>) =>
      (await services.call('GET', '/api/v1/deliveries', { token: services.operator, query })).body.data;
    expect(await deliveries({ mapping: mapping.id as string })).toHaveLength(2);
    expect(await deliveries({ destination: destination.id as string, state: 'dead' })).toEqual([]);
    expect(await deliveries({ event: ids[0] as string })).toEqual([]);
    expect(await deliveries({ event: ids[1] as string })).toMatchObject([{ event: ids[1] }]);
  });

  it.each(['\\', '"', "'", '" || id != "', "\\' || id != '", 'a\nb', '\u0000', '%', '{:value}', '{:0}', '💥'])(
    'a filter is a value, never a condition: type=%j finds nothing',
    async (type) => {
      const { source } = await path();
      await ingest(source, { action: 'a' });
      const answer = await services.call('GET', '/api/v1/events', { token: services.operator, query: { type } });
      expect(answer.body.data ?? []).toEqual([]);
      expect([200, 400]).toContain(answer.status);
    },
  );

  it('of another account do not exist', async () => {
    const { source } = await path();
    const event = await ingest(source, { action: 'a' });
    const { id: delivery } = await settledDelivery(event);
    const { token } = await services.user('admin');
    for (const [method, route, id] of [
      ['GET', EVENT, event],
      ['GET', DELIVERY, delivery],
      ['POST', `${EVENT}/replay`, event],
      ['POST', `${DELIVERY}/retry`, delivery],
      ['POST', `${DELIVERY}/cancel`, delivery],
    ] as const) {
      const body = route.endsWith('replay') ? { mode: 'original' } : undefined;
      const answer = await services.call(method, route, { token, params: { id }, ...(body && { body }) });
      expect([method, route, answer.status]).toEqual([method, route, 404]);
    }
    for (const route of ['/api/v1/events', '/api/v1/deliveries']) {
      expect((await services.call('GET', route, { token })).body).toEqual({ data: [], next_cursor: null });
    }
  });

  describe('replay', () => {
    const replay = (id: string, body: object, token = services.operator) =>
      services.call('POST', `${EVENT}/replay`, { token, params: { id }, body });

    it('makes new deliveries and writes down who asked', async () => {
      const { source } = await path();
      const event = await ingest(source, { action: 'a' });
      const first = await settledDelivery(event);
      const answer = await replay(event, { mode: 'original' });
      expect(answer.status).toBe(202);
      const [delivery] = answer.body.deliveries;
      expect(delivery.id).not.toBe(first.id);
      await sink.waitFor(2);
      expect(sink.requests[1]?.headers['webhook-id']).toBe(delivery.id);
      expect(sink.requests[1]?.body).toEqual(sink.requests[0]?.body);
      const { items } = await services.pb.collection('audit').getList(1, 1, { sort: '-created' });
      expect(items[0]).toMatchObject({ action: 'event.replay', actor: `operator:${services.pocketbase.email}` });
    });

    it('an event of 450 deliveries is shown and replayed whole', async () => {
      const { source, destination, mapping } = await path();
      const off = { token: services.operator, params: { id: destination.id as string }, body: { enabled: false } };
      await services.call('PATCH', '/api/v1/destinations/{id}', off);
      const event = anEventOf({ account: source.account as string, source: source.id as string });
      const deliveries = Array.from({ length: 450 }, (_, n) =>
        aDeliveryTo(destination.id as string, { mapping: mapping.id as string, request_body: `body ${n}` }),
      );
      await acceptItem(services.pb, { event, deliveries });

      const list = (query: Record<string, string | number>) =>
        services.call('GET', '/api/v1/deliveries', { token: services.operator, query: { event: event.id, ...query } });
      const shown = (await get(EVENT, event.id)).body;
      const second = (await list({ cursor: shown.deliveries_next_cursor, limit: 200 })).body;
      const third = (await list({ cursor: second.next_cursor, limit: 200 })).body;
      const ids = [...shown.deliveries, ...second.data, ...third.data].map(({ id }: { id: string }) => id);
      expect([ids, third.next_cursor]).toEqual([deliveries.map(({ id }) => id), null]);

      const { token } = await services.user('admin', source.account);
      const replayed = (await replay(event.id, { mode: 'original' }, token)).body.deliveries;
      expect(replayed).toHaveLength(450);
      const last = (await get(DELIVERY, replayed[449].id)).body;
      expect(last).toMatchObject({ replay: 'original', request_body: 'body 449' });
    });

    it('says why there is nothing to replay', async () => {
      const { source } = await path({ filter: 'body.action == "b"' });
      const event = await ingest(source, { action: 'a' });
      const answer = await replay(event, { mode: 'current' });
      expect(answer.body).toMatchObject({ code: 'conflict', detail: expect.stringContaining('filtered') });
    });

    it.each([{}, { mode: 'newest' }, { mode: 'current', destinations: [] }, { mode: 'current', destinations: ['x'] }])(
      'refuses %j',
      async (body) => {
        const { source } = await path();
        const event = await ingest(source, {});
        expect((await replay(event, body)).body.code).toBe('validation_failed');
      },
    );

    it('is not for viewers', async () => {
      const viewer = await services.user('viewer');
      const { source } = await path({}, viewer.account);
      const event = await ingest(source, {});
      expect((await replay(event, { mode: 'original' }, viewer.token)).status).toBe(403);
    });
  });

  describe('commands', () => {
    const command = (verb: 'retry' | 'cancel', id: string) =>
      services.call('POST', `${DELIVERY}/${verb}`, { token: services.operator, params: { id } });

    it('cancel a delivery that waits, then retry it', async () => {
      const { source } = await path();
      answerWith = 500;
      const event = await ingest(source, {});
      const { id, state } = await settledDelivery(event);
      expect(state).toBe('pending');
      expect((await command('cancel', id)).body).toEqual({ id, state: 'cancelled' });
      expect((await command('cancel', id)).body).toMatchObject({
        code: 'conflict',
        detail: expect.stringContaining('cancelled'),
      });
      answerWith = 204;
      expect((await command('retry', id)).status).toBe(202);
      await sink.waitFor(2);
      const [first, second] = sink.requests;
      expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
      expect(second?.body).toEqual(first?.body);
    });

    it('refuse to retry what is delivered, and point to replay', async () => {
      const { source } = await path();
      const { id } = await settledDelivery(await ingest(source, {}));
      expect((await command('retry', id)).body).toMatchObject({
        code: 'conflict',
        detail: expect.stringContaining('replay'),
      });
    });
  });

  describe('destination test', () => {
    const test = (id: string, token = services.operator) =>
      services.call('POST', '/api/v1/destinations/{id}/test', { token, params: { id } });

    it('sends a signed test event and answers with the attempt', async () => {
      const { destination } = await path();
      const answer = await test(destination.id as string);
      expect(answer.body).toMatchObject({ outcome: 'success', status: 204, number: 1 });
      expect(sink.requests[0]?.headers).toHaveProperty('webhook-signature');
      expect(JSON.parse(String(sink.requests[0]?.body))).toMatchObject({ type: 'pockethook.test' });
      expect(sink.requests[0]?.headers['x-correlation-id']).toBe(answer.get('x-correlation-id'));
    });

    it('answers 200 with a failure, since the test itself worked; nothing is stored', async () => {
      const { destination } = await path();
      answerWith = 410;
      const id = destination.id as string;
      expect((await test(id)).body).toMatchObject({ outcome: 'gone', status: 410, response_body: 'seen' });
      expect((await get('/api/v1/destinations/{id}', id)).body.enabled).toBe(true);
      const { body } = await services.call('GET', '/api/v1/deliveries', {
        token: services.operator,
        query: { destination: id },
      });
      expect(body.data).toEqual([]);
    });

    it('is not for other accounts', async () => {
      const { destination } = await path();
      const { token } = await services.user('admin');
      expect((await test(destination.id as string, token)).status).toBe(404);
      expect(sink.requests).toEqual([]);
    });
  });

  describe('preview', () => {
    const preview = (body: object, token = services.operator) =>
      services.call('POST', '/api/v1/mappings/preview', { token, body });

    it.each<[string, object, object]>([
      [
        'a template',
        { body: { a: 1 }, template: { content: 'a is {{ body.a }}' }, type: 'discord' },
        { outcome: 'delivery', request: { content_type: 'application/json', body: expect.stringContaining('a is 1') } },
      ],
      [
        'a filter that is false',
        { body: { a: 1 }, filter: 'body.a == 1 && body.b == 2' },
        { outcome: 'filtered', clause: 'body.b == 2' },
      ],
      [
        'a body that passes through, byte for byte',
        { body: '{ "a":   12345678901234567890 }' },
        { outcome: 'delivery', request: { body: '{ "a":   12345678901234567890 }', body_encoding: 'utf8' } },
      ],
      ['a broken filter', { body: {}, filter: 'body.' }, { outcome: 'error', where: 'filter' }],
      [
        'a missing key',
        { body: {}, template: { x: [{ y: '{{ body.z }}' }] } },
        { outcome: 'error', where: 'template.x[0].y' },
      ],
      [
        'an extraction',
        { body: { t: 'x' }, extract: { t: 'body.t', n: 'body.n' } },
        { outcome: 'delivery', data: { t: 'x' } },
      ],
      ['a broken extraction', { body: {}, extract: { t: '1 / 0' } }, { outcome: 'error', where: 'source.extract.t' }],
      [
        'headers and query',
        { body: {}, headers: { 'X-Kind': 'k' }, query: 'page=2', template: '{{ headers["x-kind"] }}{{ query.page }}' },
        { outcome: 'delivery', request: { body: 'k2', content_type: expect.stringContaining('text/plain') } },
      ],
      [
        'a form',
        { body: 'a=1&b=2', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, template: '{{ body.b }}' },
        { outcome: 'delivery', request: { body: '2' } },
      ],
      [
        'a content type of its own',
        { body: {}, template: '<a/>', content_type: 'application/xml' },
        { outcome: 'delivery', request: { body: '<a/>', content_type: 'application/xml' } },
      ],
    ])('shows %s', async (_what, body, result) => {
      const answer = await preview(body);
      expect(answer.status).toBe(200);
      expect(answer.body).toMatchObject(result);
    });

    it('keeps digits that a double would lose', async () => {
      const answer = await preview({
        body: '{"n": 9007199254740993}',
        extract: { n: 'body.n' },
        template: { n: '{{ data.n }}' },
      });
      expect(answer.text).toContain('"data":{"n":9007199254740993}');
      expect(answer.body.request.body).toBe('{"n":9007199254740993}');
    });

    it("runs a stored event through its source's rules", async () => {
      const { source } = await path();
      const event = await ingest(source, { action: 'opened', n: 3 });
      const { body } = await preview({ event, template: { n: '{{ data.n }}', type: '{{ event.type }}' } });
      expect(body).toMatchObject({
        event_type: 'opened',
        data: { n: 3 },
        request: { body: '{"n":3,"type":"opened"}' },
      });
    });

    it('shows what ingest then does', async () => {
      const template = { text: '{{ body.sender.login }}', again: '{{ data.n }}', list: '{{ body.list }}' };
      const payload = { sender: { login: 'mona' }, n: 2, list: [1, 'a', null] };
      const { source } = await path({ template });
      const { body } = await preview({ body: payload, source: source.id, template });
      const { id } = await settledDelivery(await ingest(source, payload));
      const delivery = await get(DELIVERY, id);
      // PocketBase sorts the keys of a template that it stores; nothing else may differ.
      expect(JSON.parse(body.request.body)).toEqual(JSON.parse(delivery.body.request_body));
      expect(body.request.content_type).toBe(delivery.body.request_content_type);
    });

    it.each<[string, object, string]>([
      ['nothing', {}, 'validation_failed'],
      ['both', { event: 'aaaaaaaaaaaaaaa', body: {} }, 'validation_failed'],
      ['an unknown event', { event: 'aaaaaaaaaaaaaaa' }, 'not_found'],
      ['an unknown source', { body: {}, source: 'aaaaaaaaaaaaaaa' }, 'not_found'],
      ['a text that is no JSON', { body: '{"a"' }, 'malformed_json'],
    ])('refuses %s', async (_what, body, code) => {
      expect((await preview(body)).body.code).toBe(code);
    });

    it('does not show events and rules of other accounts', async () => {
      const { source } = await path();
      const event = await ingest(source, {});
      const { token } = await services.user('admin');
      expect((await preview({ event }, token)).status).toBe(404);
      expect((await preview({ body: {}, source: source.id }, token)).status).toBe(404);
    });
  });
});
