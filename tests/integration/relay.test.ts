import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sign, verify } from '@octokit/webhooks-methods';
import { Webhook } from 'standardwebhooks';
import { describeWithServices } from '../support/services.ts';
import { type Sink, type SinkRequest, startSink } from '../support/sink.ts';
import { send } from './request.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const SECRET = 'the-secret-of-the-repository';
const GITHUB = { verification: 'github', secrets: [SECRET] };

describeWithServices('a destination that relays the request', () => {
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

  const at = (path: string) => sink.requests.filter(({ url }) => url.split('?')[0] === path);

  /** As Jenkins, Argo CD and Atlantis do it, over the bytes that came. The library takes texts only. */
  const byGitHubsLibrary = ({ headers, body }: SinkRequest) =>
    verify(SECRET, body.toString(), String(headers['x-hub-signature-256']));
  const isGitHubs = ({ headers, body }: SinkRequest) =>
    headers['x-hub-signature-256'] === `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;

  const text = '{ "action":"opened",\r\n "n": 1.50, "é": "\\u00e9" }';
  test.each<[string, Buffer, string]>([
    ['JSON with spaces of its own', Buffer.from(text), 'application/json; charset=utf-8'],
    ['a form', Buffer.from(`payload=${encodeURIComponent(text)}`), 'application/x-www-form-urlencoded'],
    ['what is no UTF-8', Buffer.from([0x7b, 0xff, 0x00, 0x7d]), 'application/octet-stream'],
  ])("GitHub's signature fits at the receiver: %s", async (what, body, type) => {
    const path = `/hook-${body.length}`;
    const { source, sourceId } = await workspace.route({
      source: GITHUB,
      destination: {
        type: 'http',
        url: `${sink.url}${path}?job=1`,
        relay: { headers: 'all', query: true },
      },
    });
    const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
    if (what.startsWith('JSON')) expect(await sign(SECRET, body.toString())).toBe(signature);
    const { status, text: answer } = await send(
      `${workspace.app.url}/ingest/${source}?from=github&token=s3cret-token`,
      {
        headers: {
          'content-type': type,
          'content-encoding': 'gzip',
          'user-agent': 'GitHub-Hookshot/abc',
          'x-github-event': 'issues',
          'x-github-delivery': `delivery-${body.length}`,
          'x-hub-signature-256': signature,
          authorization: 'Bearer the-token-of-somebody',
          cookie: 'session=1',
          'x-gitlab-token': 'a-token-that-stays-here',
          connection: 'x-for-this-hop',
          'x-for-this-hop': '1',
        },
        body: gzipSync(body),
      },
    );
    expect(status).toBe(202);
    const { id } = JSON.parse(answer);
    await workspace.deliveries(id, 'delivered');
    for (const mode of ['original', 'current'])
      expect((await workspace.api('POST', `/events/${id}/replay`, { mode })).status).toBe(202);
    const deliveries = await workspace.deliveries(id, 'delivered');
    expect(at(path)).toHaveLength(3);
    for (const request of at(path)) {
      expect(request.body).toEqual(body);
      expect(isGitHubs(request)).toBe(true);
      if (what !== 'what is no UTF-8') expect(await byGitHubsLibrary(request)).toBe(true);
      expect(request).toMatchObject({
        method: 'POST',
        url: `${path}?job=1&from=github`,
        headers: { 'content-type': type, 'user-agent': 'GitHub-Hookshot/abc', 'x-github-event': 'issues' },
      });
      expect(Object.keys(request.headers)).not.toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^(?:authorization|cookie|x-gitlab-token|x-for-this-hop|content-encoding)$/),
        ]),
      );
    }
    const shown = await Promise.all([
      workspace.api('GET', `/events/${id}`),
      workspace.api('GET', `/events?source=${sourceId}`),
      workspace.api('GET', `/events/${id}/explain`),
      ...deliveries.map((delivery) => workspace.api('GET', `/deliveries/${delivery.id}`)),
    ]);
    expect(JSON.stringify(shown)).not.toContain(signature.slice(7));
  });

  test('those that are named; what the destination says itself comes first, and without relay nothing is stored', async () => {
    const relay = { headers: ['X-GitHub-Event', 'X-Hub-Signature-256', 'x-absent'] };
    const { source } = await workspace.route({
      source: GITHUB,
      destination: { type: 'http', url: `${sink.url}/named`, relay, headers: { 'x-github-event': 'mine' } },
    });
    const plain = await workspace.route({ source: GITHUB, destination: { type: 'http', url: `${sink.url}/plain` } });
    const headers = {
      'x-hub-signature-256': await sign(SECRET, '{}'),
      'x-github-event': 'push',
      'x-other': '1',
      'x-github-delivery': 'named',
    };
    for (const name of [source, plain.source]) {
      const { id } = (await (await workspace.ingest(name, '{}', headers)).json()) as { id: string };
      await workspace.deliveries(id, 'delivered');
      const stored = await workspace.pb.collection('events').getOne(id);
      expect(stored.signature_headers === '').toBe(name !== source);
    }
    expect(at('/named')[0]?.headers).toMatchObject({
      'x-github-event': 'mine',
      'x-hub-signature-256': headers['x-hub-signature-256'],
    });
    expect(at('/named')[0]?.headers).not.toHaveProperty('x-other');
    expect(at('/plain')[0]?.headers).not.toHaveProperty('x-hub-signature-256');
  });

  test('a signature by Standard Webhooks goes on with the id and the time that it covers', async () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwXlZwGyb0TBw=';
    const { source } = await workspace.route({
      source: { verification: 'standard-webhooks', secrets: [secret] },
      destination: { type: 'http', url: `${sink.url}/standard`, relay: { headers: 'all' }, secrets: [] },
    });
    const now = new Date();
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign('msg_1', now, '{"a":1}'),
    };
    const { id } = (await (await workspace.ingest(source, '{"a":1}', headers)).json()) as { id: string };
    await workspace.deliveries(id, 'delivered');
    const [request] = at('/standard');
    expect(new Webhook(secret).verify(String(request?.body), request?.headers as Record<string, string>)).toEqual({
      a: 1,
    });
  });

  test.each([
    [{ headers: ['authorization'] }, 'olds authorization, which'],
    [{ headers: ['no name'] }, 'no header name'],
    [{ headers: ['Transfer-Encoding'] }, 'olds transfer-encoding, which'],
  ])('%j is refused when it is saved', async (relay, message) => {
    const destination = { name: `refused-${message}`, type: 'http', url: `${sink.url}/x`, relay };
    const { status, body } = await workspace.api('POST', '/destinations', destination);
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(message)]);
  });

  test('200 with an error in the body is tried again, where the destination says how to tell', async () => {
    const codes = [230001, 0];
    const feishu = await startSink({
      respond: (_, response) => response.end(JSON.stringify({ errcode: codes.shift(), errmsg: 'keyword missing' })),
    });
    const destination = {
      type: 'http',
      url: feishu.url,
      success: 'response.json.errcode == 0',
      retry_schedule: ['0s', '10ms'],
    };
    const { source } = await workspace.route({ destination });
    const { id } = (await (await workspace.ingest(source, '{}')).json()) as { id: string };
    const [delivery] = await workspace.deliveries(id, 'delivered');
    const { body } = await workspace.api('GET', `/deliveries/${delivery?.id}`);
    expect(body.attempts).toMatchObject([
      { outcome: 'retry', status: 200, error: expect.stringContaining('keyword missing') },
      { outcome: 'success', status: 200 },
    ]);
    await feishu.close();
    const wrong = { name: 'wrong', type: 'http', url: `${sink.url}/x`, success: 'body.errcode == 0' };
    expect((await workspace.api('POST', '/destinations', wrong)).status).toBe(400);
  });
});
