/** What a hit costs: the time until its answer and the CPU of both services, at an even rate and saturated. */
import { startProduct } from '../support/product.ts';
import { CHROME } from '../support/user-agent.ts';
import type { Send } from './load.ts';
import { percentile, sleep, withConnections } from './measure.ts';
import { childrenOf, usage } from './processes.ts';

const SITES = 200;
const SECONDS = 10;
const RATE = 1_000;
const LANES = 64;

const product = await startProduct();
const pb = await product.superuser();
for (let n = 0; n < SITES; n++)
  await pb.collection('sites').create({ domain: `s${n}.example.com`, timezone: 'UTC', enabled: true });
const port = Number(new URL(product.url).port);
const api = product.process.pid as number;
const pids = { api, pocketbase: childrenOf(api)[0] as number };
let counter = 0;

/** A pageview of one of 100,000 visitors, on one of the sites. */
function hit(): Buffer {
  const n = counter++;
  const site = `s${n % SITES}.example.com`;
  const body = JSON.stringify({
    n: 'pageview',
    v: 36,
    u: `https://${site}/page/${n % 40}?q=1`,
    d: site,
    r: n % 3 === 0 ? 'https://news.example/item' : null,
  });
  const agent = `${CHROME} v/${(n * 7919) % 100_000}`;
  const head = `POST /api/event HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nUser-Agent: ${agent}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.from(head + body);
}

async function run(connections: number, pause: (n: number) => number) {
  const acks: number[] = [];
  let refused = 0;
  const before = { api: usage(pids.api), pocketbase: usage(pids.pocketbase) };
  const start = performance.now();
  let lane = 0;
  await withConnections(port, connections, async (send: Send) => {
    for (let n = lane++; performance.now() - start < SECONDS * 1000; n += connections) {
      await sleep(start + pause(n) - performance.now());
      const sent = performance.now();
      if ((await send(hit())) !== 202) refused++;
      acks.push(performance.now() - sent);
    }
  });
  const seconds = (performance.now() - start) / 1000;
  const cpu = (name: 'api' | 'pocketbase') => (usage(pids[name]).cpuSeconds - before[name].cpuSeconds) * 1000;
  acks.sort((a, b) => a - b);
  const round = (value: number) => Math.round(value * 100) / 100;
  return {
    'hits/s': Math.round(acks.length / seconds),
    refused,
    'ack p50 ms': round(percentile(acks, 50)),
    'ack p95 ms': round(percentile(acks, 95)),
    'ack p99 ms': round(percentile(acks, 99)),
    'API ms/hit': round(cpu('api') / acks.length),
    'PocketBase ms/hit': round(cpu('pocketbase') / acks.length),
    'API MB': Math.round(usage(pids.api).rssMegabytes),
    'PocketBase MB': Math.round(usage(pids.pocketbase).rssMegabytes),
  };
}

// Warm-up.
await run(8, () => 0);
console.table({
  [`${RATE}/s`]: await run(LANES, (n) => (n * 1000) / RATE),
  saturated: await run(LANES, () => 0),
});
await product.stop();
