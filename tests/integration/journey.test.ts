import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sign } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { startWatch } from '../support/own-time.ts';
import { ROOT } from '../support/pocketbase.ts';
import { describeWithServices } from '../support/services.ts';
import { type Sink, type SinkRequest, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { openWorkspace, type RoutedRecords, type Workspace } from './workspace.ts';

const OPENED = readFileSync(join(ROOT, 'docs/examples/github-issues-opened.json'), 'utf8');

describeWithServices('the journey of an event', () => {
  let workspace: Workspace;
  let sink: Sink;
  /** How the sink answers, by path. */
  const answers = new Map<
    string,
    (request: SinkRequest) => { status: number; headers?: Record<string, string>; body?: string }
  >();

  beforeAll(async () => {
    sink = await startSink({
      respond: (request, response) => {
        const { status, headers = {}, body = 'ok' } = answers.get(request.url)?.(request) ?? { status: 200 };
        response.writeHead(status, headers).end(body);
      },
    });
    workspace = await openWorkspace();
  });

  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  const at = (path: string) => ({ type: 'http', url: `${sink.url}${path}` });
  const received = (path: string) => sink.requests.filter(({ url }) => url === path);
  const accept = async (source: string, body: string, headers?: Record<string, string>): Promise<string> => {
    const response = await workspace.ingest(source, body, headers);
    expect(response.status).toBe(202);
    return ((await response.json()) as { id: string }).id;
  };

  test('a signed GitHub webhook arrives filtered, formatted, signed and traceable', async () => {
    const secret = 'a secret between GitHub and us';
    const route = await workspace.route({
      source: { verification: 'github', secrets: [secret], extract: { title: 'body.issue.title' } },
      destination: at('/github'),
      mapping: {
        filter: 'body.action == "opened"',
        template: {
          text: '{{ body.sender.login }} opened "{{ data.title }}"',
          number: '{{ body.issue.number }}',
          labels: '{{ body.issue.labels }}',
        },
      },
    });
    const headers = {
      'x-github-event': 'issues',
      'x-github-delivery': 'github-1',
      'x-hub-signature-256': await sign(secret, OPENED),
      'x-correlation-id': 'from-github.1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };
    const response = await workspace.ingest(route.source, OPENED, headers);
    expect(response.status).toBe(202);
    expect(response.headers.get('x-correlation-id')).toBe('from-github.1');
    const { id, ...answer } = (await response.json()) as { id: string };
    expect(answer).toEqual({ status: 'accepted', correlation_id: 'from-github.1' });
    const [delivery] = await workspace.deliveries(id, 'delivered');

    const [request] = received('/github') as [SinkRequest];
    const issue = JSON.parse(OPENED).issue;
    expect(JSON.parse(request.body.toString())).toEqual({
      text: `${JSON.parse(OPENED).sender.login} opened "${issue.title}"`,
      number: issue.number,
      labels: issue.labels,
    });
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      'x-correlation-id': 'from-github.1',
      'webhook-id': delivery?.id,
    });
    expect(request.headers.traceparent).toBe(headers.traceparent);
    verifySignature(route, request);

    const duplicate = await workspace.ingest(route.source, OPENED, headers);
    expect(duplicate.status).toBe(200);
    expect(await duplicate.json()).toMatchObject({
      id,
      duplicate: true,
      detail: expect.stringContaining(`/api/v1/events/${id}/replay`),
    });
    expect(received('/github')).toHaveLength(1);

    const { body: event } = await workspace.api('GET', `/events/${id}`);
    expect(event).toMatchObject({
      type: 'issues.opened',
      dedupe_key: 'github-1',
      body: OPENED,
      duplicates: 1,
      extracted: { title: issue.title },
    });
    expect(JSON.stringify(event.headers)).not.toContain(headers['x-hub-signature-256']);
    expect(event.decisions).toEqual([
      { mapping: route.mappingId, destination: route.destinationId, outcome: 'delivery', delivery: delivery?.id },
    ]);
  });

  test('both secrets sign while one is rotated out', async () => {
    const route = await workspace.route({ destination: at('/rotated') });
    const fresh = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const old = (await workspace.api('GET', `/destinations/${route.destinationId}`)).body.secrets[0];
    const patched = await workspace.api('PATCH', `/destinations/${route.destinationId}`, { secrets: [fresh, old] });
    expect(patched.status).toBe(200);
    expect(JSON.stringify(patched.body)).not.toContain(fresh);
    await workspace.deliveries(await accept(route.source, '{}'), 'delivered');
    const [request] = received('/rotated') as [SinkRequest];
    for (const secret of [fresh, ...route.secrets]) verifySignature({ secrets: [secret] }, request);
  });

  test.each([
    [
      'a clause that is false',
      'body.a == 1 && body.b == 2',
      '{"a":1,"b":3}',
      { outcome: 'filtered', clause: 'body.b == 2' },
    ],
    ['a key that is missing', 'body.a.b.c == 1', '{"a":{}}', { outcome: 'filtered', clause: 'body.a.b.c == 1' }],
    [
      'an error',
      'body.a + 1 > 2',
      '{"a":"text"}',
      { outcome: 'error', where: 'filter', message: expect.stringContaining('text') },
    ],
  ])('an event that goes nowhere says why: %s', async (_name, filter, body, decision) => {
    const { source } = await workspace.route({ destination: at('/nowhere'), mapping: { filter } });
    const id = await accept(source, body);
    const { body: event } = await workspace.api('GET', `/events/${id}`);
    expect(event.decisions).toMatchObject([
      decision.outcome === 'error' ? { outcome: 'error', where: 'filter' } : decision,
    ]);
    expect(event.deliveries).toEqual([]);
    expect(received('/nowhere')).toEqual([]);
  });

  test('bytes pass through exactly where there is no template', async () => {
    const { source } = await workspace.route({ destination: at('/exact') });
    const body = '{ "id": 12345678901234567890,\t"n": 1.10, "é": "\\u0041" }\n';
    await workspace.deliveries(await accept(source, body), 'delivered');
    expect(received('/exact')[0]?.body.toString()).toBe(body);
  });

  test('integers beyond 2^53 survive extraction and template', async () => {
    const { source } = await workspace.route({
      source: { extract: { id: 'body.id' } },
      destination: at('/big'),
      mapping: { template: { id: '{{ data.id }}', text: '#{{ body.id }}' } },
    });
    const id = await accept(source, '{"id":12345678901234567}');
    await workspace.deliveries(id, 'delivered');
    expect(received('/big')[0]?.body.toString()).toBe('{"id":12345678901234567,"text":"#12345678901234567"}');
    const token = (
      await workspace.api('POST', '/session', {
        email: workspace.pocketbase.email,
        password: workspace.pocketbase.password,
      })
    ).body.token;
    const raw = await (
      await fetch(`${workspace.app.url}/api/v1/events/${id}`, { headers: { authorization: `Bearer ${token}` } })
    ).text();
    expect(raw).toContain('"extracted":{"id":12345678901234567}');
  });

  test('expressions see the time of an event as the API shows it, at first and in a replay', async () => {
    const route = await workspace.route({
      destination: at('/time'),
      mapping: { template: { at: '{{ event.received_at }}', utc: '{{ timestamp(event.received_at) }}' } },
    });
    const id = await accept(route.source, '{}');
    await workspace.deliveries(id, 'delivered');
    await workspace.api('POST', `/events/${id}/replay`, { mode: 'current' });
    await until('both deliveries', () => received('/time').length === 2 || undefined);
    const { received_at } = (await workspace.api('GET', `/events/${id}`)).body;
    expect(received_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    for (const { body } of received('/time'))
      expect(JSON.parse(body.toString())).toEqual({ at: received_at, utc: received_at });
  });

  test('a failing destination is tried again with the same bytes and id, then delivered', async () => {
    const route = await workspace.route({
      destination: { ...at('/flaky'), retry_schedule: ['0s', '50ms', '50ms'] },
      mapping: { template: { at: '{{ event.received_at }}' } },
    });
    answers.set('/flaky', () => ({ status: received('/flaky').length < 3 ? 500 : 204 }));
    const id = await accept(route.source, '{}');
    const [delivery] = await workspace.deliveries(id, 'delivered');
    const requests = received('/flaky');
    expect(requests).toHaveLength(3);
    expect(new Set(requests.map(({ body }) => body.toString())).size).toBe(1);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const { body } = await workspace.api('GET', `/deliveries/${delivery?.id}`);
    expect(
      body.attempts.map((attempt: { outcome: string; status: number }) => [attempt.outcome, attempt.status]),
    ).toEqual([
      ['retry', 500],
      ['retry', 500],
      ['success', 204],
    ]);
  });

  test('when the schedule is used up the delivery is dead; a retry by hand revives it', async () => {
    const route = await workspace.route({ destination: { ...at('/down'), retry_schedule: ['0s', '20ms'] } });
    answers.set('/down', () => ({ status: 503, body: 'maintenance' }));
    const id = await accept(route.source, '{}');
    const [dead] = await workspace.deliveries(id, 'dead');
    expect(received('/down')).toHaveLength(2);
    expect(dead).toMatchObject({ attempts_made: 2, last_status: 503 });
    answers.delete('/down');
    expect((await workspace.api('POST', `/deliveries/${dead?.id}/retry`)).status).toBe(202);
    await workspace.deliveries(id, 'delivered');
    const [first, , third] = received('/down');
    expect(third?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect((await workspace.api('POST', `/deliveries/${dead?.id}/retry`)).status).toBe(409);
  });

  test('429 waits as long as it asks and uses up no try', async () => {
    const route = await workspace.route({ destination: { ...at('/busy'), retry_schedule: ['0s'] } });
    answers.set('/busy', () =>
      received('/busy').length === 1 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 200 },
    );
    const started = performance.now();
    const [delivery] = await workspace.deliveries(await accept(route.source, '{}'), 'delivered');
    expect(performance.now() - started).toBeGreaterThanOrEqual(950);
    expect(delivery).toMatchObject({ attempts_made: 2, tries_used: 1 });
  });

  test('410 disables the destination; later events are held and go out once it is enabled again', async () => {
    const route = await workspace.route({ destination: at('/gone') });
    answers.set('/gone', () => ({ status: 410 }));
    await workspace.deliveries(await accept(route.source, '{"n":1}'), 'dead');
    const { body: disabled } = await until('the destination to be disabled', async () => {
      const answer = await workspace.api('GET', `/destinations/${route.destinationId}`);
      return answer.body.enabled ? undefined : answer;
    });
    expect(disabled.disabled_reason).toMatch(/410/);
    const held = await accept(route.source, '{"n":2}');
    await workspace.deliveries(held, 'held');
    expect((await workspace.api('GET', `/events/${held}`)).body.decisions).toMatchObject([{ outcome: 'held' }]);
    answers.delete('/gone');
    await workspace.api('PATCH', `/destinations/${route.destinationId}`, { enabled: true });
    await workspace.deliveries(held, 'delivered');
  });

  test('an ordered destination gets events one after the other, in order, whatever fails on the way', async () => {
    const route = await workspace.route({
      destination: { ...at('/ordered'), ordered: true, retry_schedule: Array(20).fill('20ms') },
    });
    answers.set('/ordered', () => ({ status: received('/ordered').length % 3 === 1 ? 500 : 200 }));
    const ids: string[] = [];
    for (let n = 0; n < 8; n++) ids.push(await accept(route.source, JSON.stringify({ n })));
    await workspace.deliveries(ids.at(-1) as string, 'delivered');
    const numbers = received('/ordered').map(({ body }) => JSON.parse(body.toString()).n);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(new Set(numbers).size).toBe(8);
  });

  test('a slow destination delays nobody else', async () => {
    const slow = await startSink({ respond: () => undefined });
    const stuck = await workspace.route({ destination: { type: 'http', url: slow.url, timeout_ms: 3_000 } });
    const quick = await workspace.route({ destination: at('/quick') });
    for (let n = 0; n < 80; n++) await accept(stuck.source, '{}');
    const stopWatch = startWatch();
    await workspace.deliveries(await accept(quick.source, '{}'), 'delivered');
    expect(stopWatch()).toBeLessThan(2_000);
    await workspace.api('PATCH', `/destinations/${stuck.destinationId}`, { enabled: false });
    await slow.close();
  });

  test('an edit in the dashboard is in force within a second', async () => {
    const route = await workspace.route({ destination: at('/edited') });
    await workspace.pb.collection('mappings').update(route.mappingId, { template: { edited: true } });
    await until('the edit to take effect', async () => {
      await workspace.deliveries(await accept(route.source, '{}'), 'delivered');
      return received('/edited').at(-1)?.body.toString() === '{"edited":true}' ? true : undefined;
    });
    expect(received('/edited').length).toBeLessThan(20);
  });

  test('replay: the original bytes, or the rules of now, under a new webhook-id, audited', async () => {
    const route = await workspace.route({
      destination: at('/replayed'),
      mapping: { filter: 'body.v == 2', template: { first: '{{ body.v }}' } },
    });
    const id = await accept(route.source, '{"v":1}');
    const refused = await workspace.api('POST', `/events/${id}/replay`, { mode: 'original' });
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'conflict', detail: expect.stringContaining('current') },
    });

    await workspace.api('PATCH', `/mappings/${route.mappingId}`, { filter: 'body.v == 1' });
    const current = await workspace.api('POST', `/events/${id}/replay`, { mode: 'current' });
    expect(current).toMatchObject({ status: 202, body: { deliveries: [{ destination: route.destinationId }] } });
    await workspace.deliveries(id, 'delivered');
    expect(received('/replayed').map(({ body }) => body.toString())).toEqual(['{"first":1}']);

    const original = await accept(route.source, '{"v":1,"x":true}');
    await workspace.deliveries(original, 'delivered');
    await workspace.api('PATCH', `/mappings/${route.mappingId}`, { template: { second: '{{ body.v }}' } });
    for (const mode of ['original', 'current']) await workspace.api('POST', `/events/${original}/replay`, { mode });
    const deliveries = await until('both replays', async () => {
      const found = await workspace.deliveries(original, 'delivered');
      return found.length === 3 ? found : undefined;
    });
    expect(deliveries.map(({ replay }) => replay).sort()).toEqual(['', 'current', 'original']);
    const requests = received('/replayed').slice(1);
    expect(requests.map(({ body }) => body.toString()).sort()).toEqual(['{"first":1}', '{"first":1}', '{"second":1}']);
    expect(new Set(requests.map(({ headers }) => headers['webhook-id'])).size).toBe(3);
    const audit = await workspace.pb
      .collection('audit')
      .getFullList({ filter: workspace.pb.filter('subject = {:id}', { id: original }) });
    expect(audit.map(({ action, actor }) => [action, actor])).toEqual(
      Array(2).fill(['event.replay', `operator:${workspace.pocketbase.email}`]),
    );
  });

  test('Discord gets its default embed and its limits; the inbox keeps what would be sent', async () => {
    const { source, sourceId } = await workspace.route({
      destination: { type: 'inbox' },
      mapping: { template: 'Hello {{ body.name }}' },
    });
    const inbox = await workspace.deliveries(await accept(source, '{"name":"Ada"}'), 'delivered');
    expect((await workspace.api('GET', `/deliveries/${inbox[0]?.id}`)).body).toMatchObject({
      request_body: 'Hello Ada',
      attempts: [{ outcome: 'success', status: 0 }],
    });

    const discord = await workspace.create('destinations', {
      name: 'chat',
      type: 'discord',
      enabled: true,
      url: `${sink.url}/api/webhooks/1/token-of-the-webhook`,
    });
    expect(JSON.stringify(discord)).not.toContain('token-of-the-webhook');
    await workspace.create('mappings', {
      name: 'chat',
      source: sourceId,
      destination: discord.id,
      enabled: true,
      template: { content: '{{ body.name }}' },
    });
    await workspace.deliveries(await accept(source, JSON.stringify({ name: 'x'.repeat(3_000) })), 'delivered');
    const [request] = received('/api/webhooks/1/token-of-the-webhook');
    const message = JSON.parse(request?.body.toString() ?? '{}');
    expect([...message.content]).toHaveLength(2_000);
    expect(message.content.endsWith('…')).toBe(true);
  });
});

/** As a receiver would, with the libraries that receivers use. */
function verifySignature({ secrets }: Pick<RoutedRecords, 'secrets'>, request: SinkRequest): void {
  const headers = request.headers as Record<string, string>;
  const body = request.body.toString();
  expect(secrets.length).toBeGreaterThan(0);
  for (const secret of secrets) {
    expect(() => new Webhook(secret).verify(body, headers)).not.toThrow();
    expect(() => new SvixWebhook(secret).verify(body, headers)).not.toThrow();
    expect(() => new Webhook(secret).verify(`${body} `, headers)).toThrow();
  }
}
