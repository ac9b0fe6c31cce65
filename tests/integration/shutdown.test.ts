import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import http from 'node:http';
import { startWatch } from '../support/own-time.ts';
import { describeWithServices, startApp } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const SHUTDOWN_AT_MOST_MS = 10_000;

describeWithServices('shutdown', () => {
  let workspace: Workspace;
  let sink: Sink;
  /** Answers that the sink owes. */
  let owed: ServerResponse[] = [];
  let slow = true;

  beforeEach(async () => {
    [slow, owed] = [true, []];
    sink = await startSink({
      respond: (_request, response) => {
        if (slow) owed.push(response);
        else response.writeHead(204).end();
      },
    });
    workspace = await openWorkspace();
  });
  afterEach(async () => {
    await workspace?.stop();
    await sink?.close();
  });

  const accept = async (source: string, count: number) => {
    const answers = await Promise.all(Array.from({ length: count }, () => workspace.ingest(source, '{}')));
    return Promise.all(answers.map(async (answer) => ((await answer.json()) as { id: string }).id));
  };
  const states = async () =>
    (await workspace.pb.collection('deliveries').getFullList()).map(({ state }) => state as string);

  async function stop(): Promise<number> {
    const stopWatch = startWatch();
    await workspace.app.stop();
    return stopWatch();
  }

  test('leases of deliveries that do not end in time are given back, and the next process delivers them', async () => {
    const { source } = await workspace.route({ destination: { type: 'http', url: sink.url, timeout_ms: 30_000 } });
    const ids = await accept(source, 10);
    await sink.waitFor(10);
    expect(await states()).toEqual(Array(10).fill('delivering'));
    expect(await stop()).toBeLessThan(SHUTDOWN_AT_MOST_MS);
    expect(await states()).toEqual(Array(10).fill('pending'));
    expect(workspace.app.lines.filter(({ level }) => level === 'error')).toEqual([]);

    slow = false;
    const next = await startApp(workspace.pocketbase);
    for (const id of ids) {
      const [delivery] = await workspace.deliveries(id, 'delivered');
      // What was given back is no attempt, and used up no try.
      expect(delivery).toMatchObject({ attempts_made: 1, tries_used: 1, lease_owner: '' });
    }
    expect(new Set(sink.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(10);
    await next.stop();
  });

  test('deliveries that end in time are settled', async () => {
    const { source } = await workspace.route({ destination: { type: 'http', url: sink.url } });
    await accept(source, 5);
    await sink.waitFor(5);
    const stopped = stop();
    for (const response of owed) response.writeHead(200).end();
    expect(await stopped).toBeLessThan(5_000);
    expect(await states()).toEqual(Array(5).fill('delivered'));
  });

  test('a request that is being received is finished; new ones find nobody', async () => {
    const { source } = await workspace.route({ destination: { type: 'http', url: sink.url } });
    slow = false;
    const request = http.request(`${workspace.app.url}/ingest/${source}`, {
      method: 'POST',
      agent: false,
      headers: { expect: '100-continue' },
    });
    const answered = new Promise<number>((resolve, reject) => {
      request.once('error', reject).once('response', (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
    });
    request.flushHeaders();
    // The server has begun with the request.
    await once(request, 'continue');
    request.write('{"a":');
    const stopped = stop();
    await expect(until('the door to be closed', () => refused(workspace.app.url))).resolves.toBe(true);
    request.end('1}');
    expect(await answered).toBe(202);
    expect(await stopped).toBeLessThan(SHUTDOWN_AT_MOST_MS);
    const events = await workspace.pb.collection('event_bodies').getFullList();
    expect(events.map(({ body }) => body)).toEqual(['{"a":1}']);
    // Whether it went out before the end or waits for the next process: nobody holds it.
    expect((await states()).filter((state) => state === 'delivering')).toEqual([]);
  });
});

async function refused(url: string): Promise<true | undefined> {
  return fetch(url).then(
    () => undefined,
    () => true as const,
  );
}
