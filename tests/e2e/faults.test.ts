import { setTimeout as sleep } from 'node:timers/promises';
import type PocketBase from 'pocketbase';
import { startLoad } from '../support/load.ts';
import { childrenOf, end, freePort, type Product, startProduct } from '../support/product.ts';
import { type Sink, startSink } from '../support/sink.ts';

const KILLS_OF_EACH = 5;
/** A lease of the process that was killed runs out after 30 s. */
const ALL_DELIVERED_MS = 300_000;

let sink: Sink;
let product: Product;
let ports: { port: number; pocketbasePort: number };

beforeAll(async () => {
  sink = await startSink();
  ports = { port: await freePort(), pocketbasePort: await freePort() };
  product = await startProduct(ports);
  const pb = await product.superuser();
  const destination = await pb
    .collection('destinations')
    .create({ name: 'sink', type: 'http', url: sink.url, enabled: true, retry_schedule: Array(50).fill('1s') });
  const source = await pb.collection('sources').getFirstListItem('name = "generic"');
  const mapping = await pb
    .collection('mappings')
    .create({ name: 'to sink', source: source.id, destination: destination.id, enabled: true });
  while (!(await mappingsOfAnEvent(pb)).includes(mapping.id));
});

afterAll(async () => {
  await product?.stop();
  await sink?.close();
});

test('kill -9 of either service under load: what was acknowledged is stored and delivered', async () => {
  const load = startLoad(`${product.url}/ingest/generic`);
  for (let kill = 0; kill < KILLS_OF_EACH; kill++) {
    await load.until(40);
    process.kill(childrenOf(product.process.pid as number)[0] as number, 'SIGKILL');
    await load.until(40);
    await end(product.process, 'SIGKILL');
    product = await startProduct({ ...ports, dataDir: product.dataDir });
  }
  await load.until(40);
  const acknowledged = await load.stop();
  expect(acknowledged.size).toBeGreaterThan(40 * 2 * KILLS_OF_EACH);

  const stored = await storedKeys();
  expect([...acknowledged].filter((key) => !stored.has(key))).toEqual([]);

  const deadline = Date.now() + ALL_DELIVERED_MS;
  const missing = () => {
    const delivered = new Set(sink.requests.map(({ body }) => JSON.parse(body.toString()).key));
    return [...acknowledged].filter((key) => !delivered.has(key));
  };
  while (missing().length > 0 && Date.now() < deadline) await sleep(250);
  expect(missing()).toEqual([]);
});

/** The mappings that are in force. */
async function mappingsOfAnEvent(pb: PocketBase): Promise<string[]> {
  const accepted = await fetch(`${product.url}/ingest/generic`, { method: 'POST', body: '{"key":"none"}' });
  const { id } = (await accepted.json()) as { id: string };
  const { decisions } = await pb.collection('events').getOne<{ decisions: { mapping: string }[] }>(id);
  return decisions.map(({ mapping }) => mapping);
}

async function storedKeys(): Promise<Set<string>> {
  const pb = await product.superuser();
  const events = await pb.collection('events').getFullList({ fields: 'dedupe_key', batch: 500 });
  return new Set(events.map((event) => event.dedupe_key));
}
