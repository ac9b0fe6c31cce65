import { setTimeout as sleep } from 'node:timers/promises';
import type PocketBase from 'pocketbase';
import { childrenOf, end, freePort, type Product, startProduct } from '../support/product.ts';
import { type Sink, startSink } from '../support/sink.ts';
import { CHROME } from '../support/user-agent.ts';

const KILLS_OF_EACH = 5;
const LANES = 4;
const DOMAIN = 'shop.example';
const EVERY = 3;
/** A lease of the process that was killed runs out after 30 s. */
const ALL_TOLD_MS = 300_000;

let sink: Sink;
let product: Product;
let ports: { port: number; pocketbasePort: number };
let ids: { goal: string; sales: string; spike: string };

beforeAll(async () => {
  sink = await startSink();
  ports = { port: await freePort(), pocketbasePort: await freePort() };
  product = await startProduct(ports);
  const pb = await product.superuser();
  const create = async (kind: string, fields: object) =>
    (await pb.collection(kind).create({ enabled: true, ...fields })).id;
  const destination = await create('destinations', {
    name: 'sink',
    type: 'http',
    url: sink.url,
    retry_schedule: Array(50).fill('1s'),
  });
  const site = await create('sites', { name: DOMAIN, domain: DOMAIN, timezone: 'UTC' });
  const goal = await create('goals', { site, name: 'Signup', event_name: 'Signup' });
  const told = { site, destinations: [destination] };
  const sales = await create('triggers', {
    ...told,
    name: 'sales',
    type: 'goal_completion',
    goal,
    notify: 'every_nth',
    nth: EVERY,
  });
  const spike = await create('triggers', { ...told, name: 'spike', type: 'visitor_spike', threshold: 5, readings: 1 });
  ids = { goal, sales, spike };
  while ((await phases(pb)).filter((phase) => phase === 'armed').length < 2) await sleep(100);
});

afterAll(async () => {
  await product?.stop();
  await sink?.close();
});

test('kill -9 of either service at any point: each notification is told once', async () => {
  const load = startLoad();
  for (let kill = 0; kill < KILLS_OF_EACH; kill++) {
    await load.until(20);
    process.kill(childrenOf(product.process.pid as number)[0] as number, 'SIGKILL');
    await load.until(20);
    await end(product.process, 'SIGKILL');
    product = await startProduct({ ...ports, dataDir: product.dataDir });
  }
  await load.until(20);
  await load.stop();

  const pb = await product.superuser();
  const completions = await countCompletions(pb);
  expect(completions).toBeGreaterThanOrEqual(20 * 2 * KILLS_OF_EACH);
  const due = Math.floor(completions / EVERY);
  const deadline = Date.now() + ALL_TOLD_MS;
  const received = () => new Set(sink.requests.map(({ body }) => JSON.parse(body.toString()).id as string));
  while ((await eventsOf(pb, ids.sales)).length < due && Date.now() < deadline) await sleep(250);
  while (received().size < due + 1 && Date.now() < deadline) await sleep(250);

  const sales = await eventsOf(pb, ids.sales);
  expect(sales).toHaveLength(due);
  expect(await eventsOf(pb, ids.spike)).toHaveLength(1);
  expect([...received()].sort()).toEqual([...sales, ...(await eventsOf(pb, ids.spike))].sort());
});

async function phases(pb: PocketBase): Promise<string[]> {
  const { states } = await pb.send('/api/pockethook/triggers/states', { method: 'POST', body: {} });
  return states.map(({ state }: { state: { phase: string } }) => state.phase);
}

/** All that were stored, whether or not the tracker heard of it. */
async function countCompletions(pb: PocketBase): Promise<number> {
  const wanted = { goal: ids.goal, after: 0, offset: 0, currency: '' };
  const { items } = await pb.send('/api/pockethook/hits/goals', { method: 'POST', body: { items: [wanted] } });
  return items[0].count;
}

async function eventsOf(pb: PocketBase, trigger: string): Promise<string[]> {
  const events = await pb
    .collection('events')
    .getFullList({ filter: `trigger = "${trigger}"`, fields: 'id', batch: 500 });
  return events.map(({ id }) => id);
}

/** Visitors who reach the goal, in a few lanes. */
function startLoad() {
  let running = true;
  let acknowledged = 0;
  let visitor = 0;
  const lanes = Array.from({ length: LANES }, async () => {
    while (running) {
      const response = await fetch(`${product.url}/api/event`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain', 'user-agent': `${CHROME} Edg/${visitor++}` },
        body: JSON.stringify({ n: 'Signup', u: `https://${DOMAIN}/`, d: DOMAIN }),
      }).catch(() => undefined);
      if (response?.status === 202) acknowledged++;
      await response?.arrayBuffer().catch(() => undefined);
      await sleep(response?.status === 202 ? 5 : 20);
    }
  });
  return {
    /** Resolves after this many more acknowledgements. */
    async until(more: number): Promise<void> {
      const goal = acknowledged + more;
      while (acknowledged < goal) await sleep(10);
    },
    async stop(): Promise<void> {
      running = false;
      await Promise.all(lanes);
    },
  };
}
