import { type CountingProxy, startCountingProxy } from '../support/counting-proxy.ts';
import {
  describeWithServices,
  startApp,
  startPocketBase,
  superuser,
  type TestApp,
  type TestPocketBase,
} from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';

const EVENTS = 64;
const PAYLOAD = JSON.stringify({ action: 'opened', text: 'x'.repeat(1_000) });
/** With a payload of 1 KB it was 3,130 one by one, HTTP headers included; a second copy of the payload would not fit. */
const BYTES_AN_EVENT = 3_900;

/** What an event costs in work that can be counted: no neighbour on the machine changes it, unlike times. */
describeWithServices('the work that an event makes between the services', () => {
  let pocketbase: TestPocketBase;
  let proxy: CountingProxy;
  let app: TestApp;
  let sink: Sink;

  beforeAll(async () => {
    pocketbase = await startPocketBase();
    proxy = await startCountingProxy(pocketbase.url);
    sink = await startSink();
    const pb = await superuser(pocketbase);
    const enabled = { enabled: true };
    const source = await pb.collection('sources').create({ ...enabled, name: 'counted', verification: 'none' });
    const destination = await pb
      .collection('destinations')
      .create({ ...enabled, name: 'sink', type: 'http', url: sink.url });
    await pb.collection('mappings').create({ ...enabled, name: 'all', source: source.id, destination: destination.id });
    app = await startApp(pocketbase, { pocketbaseUrl: proxy.url });
  });
  afterAll(async () => {
    await app?.stop();
    await proxy?.close();
    await sink?.close();
    await pocketbase?.stop();
  });

  async function requests(): Promise<Record<string, number>> {
    const metrics = await (await fetch(`${app.url}/metrics`)).text();
    const counts = metrics.matchAll(/^pockethook_store_requests_total\{call="(.+)"\} (\d+)$/gm);
    return Object.fromEntries([...counts].map(([, call = '', count]) => [call, Number(count)]));
  }

  /** Requests and bytes since before, once as many deliveries as events were settled. */
  async function countDuring(work: () => Promise<unknown>) {
    const [before, bytes] = [await requests(), proxy.bytes];
    const settled = app.lines.filter(({ message }) => message === 'delivery').length;
    await work();
    await until('the deliveries to be settled', () =>
      app.lines.filter(({ message }) => message === 'delivery').length === settled + EVENTS ? true : undefined,
    );
    const after = await requests();
    const during = (call: string) => (after[call] ?? 0) - (before[call] ?? 0);
    return {
      accept: during('accept'),
      settle: during('settle'),
      bytes: (proxy.bytes - bytes) / EVENTS,
    };
  }

  const ingest = async () => {
    const response = await fetch(`${app.url}/ingest/counted`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: PAYLOAD,
    });
    expect(response.status).toBe(202);
    await response.arrayBuffer();
  };

  test('one after the other: a commit for each event, and fewer than that for their deliveries', async () => {
    const work = await countDuring(async () => {
      for (let n = 0; n < EVENTS; n++) {
        const received = sink.requests.length;
        await ingest();
        await sink.waitFor(received + 1);
      }
    });
    expect(work.accept).toBe(EVENTS);
    // Settlements for which nobody waits are gathered for 40 ms: it was 20, and 64 before.
    expect(work.settle).toBeLessThan(EVENTS * 0.75);
    expect(work.bytes).toBeLessThan(BYTES_AN_EVENT);
  });

  test('all at once: they share commits', async () => {
    const work = await countDuring(() => Promise.all(Array.from({ length: EVENTS }, ingest)));
    expect(work.accept).toBeLessThan(EVENTS * 0.75);
    expect(work.settle).toBeLessThan(EVENTS * 0.75);
    expect(work.bytes).toBeLessThan(BYTES_AN_EVENT);
  });
});
