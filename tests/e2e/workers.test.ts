import { readFileSync } from 'node:fs';
import { startLoad } from '../support/load.ts';
import { childrenOf, type Product, startProduct } from '../support/product.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';

let sink: Sink;
let product: Product;

beforeAll(async () => {
  sink = await startSink();
  product = await startProduct({ env: { WEB_CONCURRENCY: '2' } });
  const pb = await product.superuser();
  const destination = await pb
    .collection('destinations')
    .create({ name: 'sink', type: 'http', url: sink.url, enabled: true, retry_schedule: Array(50).fill('1s') });
  const source = await pb.collection('sources').getFirstListItem('name = "generic"');
  await pb
    .collection('mappings')
    .create({ name: 'to sink', source: source.id, destination: destination.id, enabled: true });
  await until('both workers', () => (workers().length === 2 && logged('ready') === 2 ? true : undefined));
  // In force in whichever worker is asked.
  let delivered = 0;
  await until('the mapping in both workers', async () => {
    const before = sink.requests.length;
    await post('{"key":"first"}');
    await new Promise((resolve) => setTimeout(resolve, 50));
    delivered = sink.requests.length > before ? delivered + 1 : 0;
    return delivered === 10 ? true : undefined;
  });
});
afterAll(async () => {
  await product?.stop();
  await sink?.close();
});

/** Over a connection of its own, so that any worker may get it. */
const post = (body: string) =>
  fetch(`${product.url}/ingest/generic`, { method: 'POST', body, headers: { connection: 'close' } });

/** Process ids; PocketBase is a child as well. */
const workers = () =>
  childrenOf(product.process.pid as number).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('main.js'),
  );

const logged = (message: string) => product.output.filter((line) => line.includes(`"message":"${message}"`)).length;

async function accepted(): Promise<number> {
  const text = await (await fetch(`${product.url}/metrics`, { headers: { connection: 'close' } })).text();
  return Number(/^pockethook_ingest_requests_total\{.*result="accepted"\} (\d+)$/m.exec(text)?.[1] ?? 0);
}

test('whichever worker is asked, metrics are those of all; the queue is counted once', async () => {
  const before = await accepted();
  for (let n = 0; n < 20; n++) expect((await post('{"key":"counted"}')).status).toBe(202);
  for (let n = 0; n < 6; n++) expect(await accepted()).toBe(before + 20);
});

test('kill -9 of a worker under load: another one comes, and what was acknowledged is delivered', async () => {
  const load = startLoad(`${product.url}/ingest/generic`);
  await load.until(200);
  const [killed] = workers() as [number];
  process.kill(killed, 'SIGKILL');
  await load.until(200);
  await until('two workers again', () => (workers().length === 2 && !workers().includes(killed) ? true : undefined));
  await load.until(50);
  const acknowledged = await load.stop();
  expect(logged('worker ended')).toBe(1);
  await until('all deliveries', () => {
    const delivered = new Set(sink.requests.map(({ body }) => JSON.parse(body.toString()).key));
    return [...acknowledged].every((key) => delivered.has(key)) ? true : undefined;
  });
});

test('SIGHUP replaces all workers while requests are answered, and nothing acknowledged is lost', async () => {
  const before = workers();
  const load = startLoad(`${product.url}/ingest/generic`);
  await load.until(20);
  product.process.kill('SIGHUP');
  await until('the restart', () => (logged('workers restarted') === 1 ? true : undefined));
  await load.until(20);
  const acknowledged = await load.stop();
  expect(workers()).toHaveLength(2);
  expect(workers().filter((pid) => before.includes(pid))).toEqual([]);
  await until('all deliveries', () => {
    const delivered = new Set(sink.requests.map(({ body }) => JSON.parse(body.toString()).key));
    return [...acknowledged].every((key) => delivered.has(key)) ? true : undefined;
  });
});

test('a stop ends all of them', async () => {
  const pids = childrenOf(product.process.pid as number);
  expect(pids).toHaveLength(3);
  await product.stop();
  expect(product.process.exitCode).toBe(0);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
