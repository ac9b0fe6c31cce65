import { EventSource } from 'eventsource';
import { type ReadStream, readStream, type StreamMessage } from '../support/event-stream.ts';
import { describeWithServices, startApp, type TestApp } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const PASSWORD = 'a password of some length';

describeWithServices('GET /api/v1/stream', () => {
  let workspace: Workspace;
  let sink: Sink;
  let token: string;
  const open: ReadStream[] = [];

  beforeAll(async () => {
    sink = await startSink();
    workspace = await openWorkspace();
    token = await logIn(workspace.pocketbase.email, workspace.pocketbase.password);
  });
  afterEach(() => {
    for (const stream of open.splice(0)) stream.leave();
  });
  afterAll(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  async function logIn(email: string, password: string): Promise<string> {
    const answer = await fetch(`${workspace.app.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    return ((await answer.json()) as { token: string }).token;
  }

  /** Resolves when the stream says that it is ready. */
  async function stream(query = '', from: { app?: TestApp; as?: string; after?: string } = {}): Promise<ReadStream> {
    const { app = workspace.app, as = token, after } = from;
    const headers = { authorization: `Bearer ${as}`, ...(after !== undefined && { 'last-event-id': after }) };
    const opened = await readStream(`${app.url}/api/v1/stream?${query}`, headers);
    open.push(opened);
    await opened.next(({ event }) => event === 'ready');
    return opened;
  }

  async function ingest(source: string, body = '{}'): Promise<string> {
    return ((await (await workspace.ingest(source, body)).json()) as { id: string }).id;
  }

  const rows = ({ messages }: ReadStream, topic = 'event') => messages.filter(({ event }) => event === topic);
  const ids = (messages: StreamMessage[]) => messages.map(({ data }) => data.id as string);
  const route = (fields: object = {}) =>
    workspace.route({ destination: { type: 'http', url: sink.url, ...fields }, source: { extract: { seen: 'body' } } });

  test('tells each event and delivery as the lists show them', async () => {
    const { source } = await route();
    const live = await stream();
    expect(live.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    const id = await ingest(source, '{"big":12345678901234567890}');
    const delivered = await live.next(({ event, data }) => event === 'delivery' && data.state === 'delivered');
    const listed = async (path: string) => (await workspace.api('GET', path)).body.data[0];
    expect(rows(live).map(({ data }) => data)).toEqual([await listed('/events?limit=1')]);
    expect(delivered.data).toEqual(await listed(`/deliveries?event=${id}`));
  });

  test('whoever comes back gets what it missed, each once', async () => {
    const { source } = await route();
    const first = await stream('topics=events');
    const seen = [await ingest(source), await ingest(source)];
    const { id: after } = await first.next(({ data }) => data?.id === seen[1]);
    first.leave();
    const missed = await Promise.all(Array.from({ length: 300 }, () => ingest(source)));
    const again = await stream('topics=events', { after: after as string });
    missed.push(await ingest(source));
    await again.next(({ data }) => data?.id === missed.at(-1));
    expect(ids(rows(first))).toEqual(seen);
    expect(ids(rows(again)).sort()).toEqual(missed.sort());
    expect(rows(again).map(({ data }) => data.seq)).toEqual(
      rows(again)
        .map(({ data }) => data.seq)
        .sort((a, b) => a - b),
    );
  });

  test('tells what other processes accept, and goes on in another process', async () => {
    const { source } = await route();
    const other = await startApp(workspace.pocketbase);
    const there = await stream('topics=events', { app: other });
    const id = await ingest(source);
    const { id: after } = await there.next(({ data }) => data?.id === id);
    await other.stop();
    const next = await ingest(source);
    const here = await stream('topics=events', { after: after as string });
    await here.next(({ data }) => data?.id === next);
    expect(ids(rows(here))).toEqual([next]);
  });

  test('a browser goes on by itself when the API service comes back', async () => {
    const { source } = await route();
    const first = await startApp(workspace.pocketbase);
    const port = Number(new URL(first.url).port);
    const seen: string[] = [];
    const live = new EventSource(`${first.url}/api/v1/stream?topics=events`, {
      fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${token}` } }),
    });
    live.addEventListener('event', ({ data }) => seen.push(JSON.parse(data).id));
    const ready = new Promise((resolve) => live.addEventListener('ready', resolve, { once: true }));
    await ready;
    const told = await ingest(source);
    await until('the event', () => seen[0]);
    await first.stop();
    const missed = await ingest(source);
    const second = await startApp(workspace.pocketbase, { config: { port } });
    await until('the event that it missed', () => seen[1]);
    live.close();
    await second.stop();
    expect(seen).toEqual([told, missed]);
  });

  test('tells only what fits', async () => {
    const [one, two] = [await route(), await route()];
    const live = await stream(`topics=events&source=${one.sourceId}`);
    const deliveries = await stream(`topics=deliveries&destination=${two.destinationId}&state=delivered`);
    const [a, b] = [await ingest(one.source), await ingest(two.source)];
    const last = await ingest(one.source);
    await live.next(({ data }) => data?.id === last);
    expect(ids(rows(live))).toEqual([a, last]);
    expect(rows(live, 'delivery')).toEqual([]);
    const { data } = await deliveries.next(({ event }) => event === 'delivery');
    expect(data).toMatchObject({ event: b, destination: two.destinationId, state: 'delivered' });
    expect(rows(deliveries)).toEqual([]);
  });

  test('says which deliveries are no longer in the state', async () => {
    const { source, destinationId } = await route();
    await workspace.api('POST', `/destinations/${destinationId}/pause`);
    const held = await stream('topics=deliveries&state=held');
    await ingest(source);
    const { data } = await held.next(({ event }) => event === 'delivery');
    await workspace.api('POST', `/deliveries/${data.id}/cancel`);
    const gone = await held.next(({ event }) => event === 'unmatched');
    expect(gone.data).toEqual({ topic: 'delivery', id: data.id });
  });

  test('tells what an edit of a destination does to its deliveries', async () => {
    const { source, destinationId } = await route();
    await workspace.api('POST', `/destinations/${destinationId}/pause`);
    const id = await ingest(source);
    const live = await stream(`topics=deliveries&event=${id}`);
    await workspace.api('DELETE', `/destinations/${destinationId}`);
    expect((await live.next(({ event }) => event === 'delivery')).data).toMatchObject({ state: 'cancelled' });
  });

  test('one account sees nothing of another', async () => {
    const account = await workspace.pb.collection('accounts').create({ name: 'other' });
    const email = 'viewer@example.com';
    const user = { email, password: PASSWORD, passwordConfirm: PASSWORD, account: account.id, role: 'viewer' };
    await workspace.pb.collection('users').create({ ...user, verified: true });
    const theirs = await stream('', { as: await logIn(email, PASSWORD) });
    const [all, chosen] = [await stream(), await stream(`account=${account.id}`)];
    const { source } = await route();
    const own = await workspace.create('sources', { name: 'theirs', account: account.id, verification: 'none' });
    await ingest(source);
    const id = await ingest(own.name);
    await theirs.next(({ data }) => data?.id === id);
    await all.next(({ data }) => data?.id === id);
    expect(ids(rows(theirs))).toEqual([id]);
    expect(rows(theirs, 'delivery')).toEqual([]);
    expect(rows(all)).toHaveLength(2);
    await chosen.next(({ data }) => data?.id === id);
    expect(ids(rows(chosen))).toEqual([id]);
  });

  test('a client that does not read is dropped with the reason, and goes on where it ended', async () => {
    const { source } = await route();
    const slow = await stream('topics=events');
    const quick = await stream('topics=events');
    slow.pause();
    // More than the buffers of both sockets and the service together.
    const large = JSON.stringify({ text: 'x'.repeat(240_000) });
    const sent = await Promise.all(Array.from({ length: 100 }, () => ingest(source, large)));
    await until('all events', () => (rows(quick).length === sent.length ? true : undefined));
    slow.resume();
    const end = await slow.next(({ event }) => event === 'end');
    expect(end.data).toEqual({ reason: 'slow' });
    await slow.closed;
    const got = rows(slow);
    expect(got.length).toBeLessThan(sent.length);
    const rest = await stream('topics=events', { after: got.at(-1)?.id as string });
    const last = ids(rows(quick)).at(-1);
    await rest.next(({ data }) => data?.id === last);
    expect([...ids(got), ...ids(rows(rest))]).toEqual(ids(rows(quick)));
  });

  test('a store that was started anew can not tell what changed meanwhile, and says so', async () => {
    const live = await stream('topics=events');
    const { source } = await route();
    const { pid } = workspace.pocketbase;
    process.kill(pid as number, 'SIGKILL');
    await live.next(({ event }) => event === 'reset');
    const id = await until('an accepted event', () => ingest(source).catch(() => undefined));
    const { id: after } = await live.next(({ data }) => data?.id === id);
    const next = await ingest(source);
    const again = await stream('topics=events', { after: after as string });
    await again.next(({ data }) => data?.id === next);
    expect(again.messages.filter(({ event }) => event === 'reset')).toEqual([]);
  });

  test.each(['nonsense', '-', 'abcdefgh-5', '', 'x'.repeat(200)])('the id %p begins anew', async (after) => {
    const { source } = await route();
    const live = await stream('topics=events', { after });
    const id = await ingest(source);
    await live.next(({ data }) => data?.id === id);
    expect(ids(rows(live))).toEqual([id]);
  });

  test('a caller has 20 streams at most', async () => {
    await Promise.all(Array.from({ length: 20 }, () => stream()));
    const refused = await workspace.api('GET', '/stream');
    expect([refused.status, refused.body.code]).toEqual([429, 'too_many_requests']);
    open.shift()?.leave();
    await until('a free place', async () => ((await stream().catch(() => undefined)) ? true : undefined));
  });

  test('what is not asked rightly is refused', async () => {
    for (const query of ['topics=', 'topics=hits', 'state=gone', 'source=x', 'nothing=1']) {
      const { status, body } = await workspace.api('GET', `/stream?${query}`);
      expect([query, status, body.code]).toEqual([query, 400, 'validation_failed']);
    }
    expect((await fetch(`${workspace.app.url}/api/v1/stream`)).status).toBe(401);
  });

  test('a stop ends all streams with the reason', async () => {
    const app = await startApp(workspace.pocketbase);
    const live = await stream('', { app });
    await app.stop();
    await live.closed;
    expect(live.messages.at(-1)).toEqual({ event: 'end', data: { reason: 'shutdown' } });
  });
});
