/** How many deliveries a second a replay of many events makes at the highest rate that it takes, in one process. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withConnections } from './measure.ts';
import { ingestRequest } from './payload.ts';
import { usage } from './processes.ts';
import { startProduct } from './product.ts';
import { startSink } from './sink.ts';

const EVENTS = Number(process.argv[2] ?? 5_000);
const RATE = 1_000;
const CONNECTIONS = 16;
const ROOT = process.cwd();
const OUT = join(ROOT, 'reports/bench');

mkdirSync(OUT, { recursive: true });
const sink = await startSink();
const product = await startProduct(ROOT, OUT, sink.port, []);
let delivered = 0;
sink.onDelivery = () => {
  delivered++;
};
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
async function arrived(count: number): Promise<void> {
  while (delivered < count) await pause(20);
}

try {
  const url = `http://127.0.0.1:${product.port}/api/v1`;
  let sent = 0;
  await withConnections(product.port, CONNECTIONS, async (send) => {
    while (sent < EVENTS) await send(ingestRequest('/ingest/bench', ++sent, product.secret));
  });
  await arrived(EVENTS);
  const credentials = JSON.parse(readFileSync(join(product.dataDir, 'credentials.json'), 'utf8'));
  const post = async (path: string, body: object, token?: string): Promise<Record<string, string>> =>
    (
      await fetch(url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify(body),
      })
    ).json() as Promise<Record<string, string>>;
  const { token } = await post('/session', { email: credentials.email, password: credentials.password });
  const rows = [];
  for (const mode of ['original', 'current', 'original', 'current']) {
    delivered = 0;
    const before = { api: usage(product.pids.api), pocketbase: usage(product.pids.pocketbase) };
    const requests = await product.storeRequests();
    const started = performance.now();
    const times = { from: new Date(Date.now() - 3_600_000), to: new Date(Date.now() + 3_600_000) };
    const job = await post('/replays', { ...times, mode, rate: RATE }, token);
    if (!job.id) throw new Error(JSON.stringify(job));
    await arrived(EVENTS);
    const seconds = (performance.now() - started) / 1_000;
    const cpu = (name: 'api' | 'pocketbase') =>
      Math.round(((usage(product.pids[name]).cpuSeconds - before[name].cpuSeconds) / EVENTS) * 100_000) / 100;
    rows.push({
      mode,
      'deliveries/s': Math.round(EVENTS / seconds),
      'store requests per event': Math.round((((await product.storeRequests()) - requests) / EVENTS) * 1_000) / 1_000,
      'API ms': cpu('api'),
      'PocketBase ms': cpu('pocketbase'),
      'RSS MB': Math.round(usage(product.pids.api).rssMegabytes),
    });
  }
  console.table(rows);
} finally {
  sink.close();
  await product.stop();
}
