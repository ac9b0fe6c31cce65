/** `npm run bench [-- --quick] [-- --profile] [-- --compare FILE]`: the product beside a bare forwarder, alternating, on loopback. docs/benchmarks.md explains it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Measured, pace, saturate, sleep, type Target } from './measure.ts';
import { ingestRequest } from './payload.ts';
import { childrenOf, startNode, stop, usage, waitForLine } from './processes.ts';
import { startProduct } from './product.ts';
import { type BenchResult, compare, print } from './results.ts';
import { startSink } from './sink.ts';
import { type Summary, summary } from './summary.ts';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
    compare: { type: 'string' },
  },
});
const CONNECTIONS = 32;
const SECONDS = options.quick ? { warmUp: 1, paced: 4, saturated: 4 } : { warmUp: 5, paced: 30, saturated: 20 };
const SLICES = options.quick ? 2 : 4;
const ROOT = process.cwd();
const OUT = join(ROOT, 'reports/bench');
// Read before the run, which replaces it if it is that of the last one.
const before = options.compare && (JSON.parse(readFileSync(options.compare, 'utf8')) as BenchResult);

mkdirSync(OUT, { recursive: true });
const sink = await startSink();
const forwarderLog = join(OUT, 'forwarder.log');
const forwarder = startNode([join(OUT, 'forwarder.mjs'), String(sink.port)], {}, forwarderLog);
const product = await startProduct(
  ROOT,
  OUT,
  sink.port,
  options.profile ? ['--cpu-prof', `--cpu-prof-dir=${OUT}`] : [],
);
try {
  const pockethook: Target = { port: product.port, request: (n) => ingestRequest('/ingest/bench', n, product.secret) };
  const bare: Target = {
    port: Number(await waitForLine(forwarderLog, /^(\d+)$/m, forwarder)),
    request: (n) => ingestRequest('/forward', n, product.secret),
  };
  const pids = { pocketbase: product.pids.pocketbase, forwarder: forwarder.pid as number };
  /** Of the API: with WEB_CONCURRENCY of the supervisor and its workers together. */
  const apiUsage = () => {
    const workers = childrenOf(product.pids.api).filter((pid) => pid !== pids.pocketbase);
    const all = [product.pids.api, ...workers].map(usage);
    const sum = (value: (one: ReturnType<typeof usage>) => number) => all.reduce((total, one) => total + value(one), 0);
    return { cpuSeconds: sum((one) => one.cpuSeconds), rssMegabytes: sum((one) => one.rssMegabytes) };
  };
  const rss: BenchResult['rss'] = [];

  /** The load on the product and on the forwarder in turns, so that both meet the same neighbours. */
  async function alternate(slices: number, load: (target: Target) => Promise<Measured>) {
    const ours: Measured[] = [];
    const theirs: Measured[] = [];
    const cpu = { api: 0, pocketbase: 0, forwarder: 0 };
    let storeRequests = 0;
    for (let slice = 0; slice < slices; slice++) {
      storeRequests -= await product.storeRequests();
      const start = [apiUsage(), usage(pids.pocketbase)] as const;
      ours.push(await load(pockethook));
      const end = [apiUsage(), usage(pids.pocketbase)] as const;
      cpu.api += end[0].cpuSeconds - start[0].cpuSeconds;
      cpu.pocketbase += end[1].cpuSeconds - start[1].cpuSeconds;
      storeRequests += await product.storeRequests();
      rss.push({ api: end[0].rssMegabytes, pocketbase: end[1].rssMegabytes });
      await sleep(500);
      const forwarderBefore = usage(pids.forwarder).cpuSeconds;
      theirs.push(await load(bare));
      cpu.forwarder += usage(pids.forwarder).cpuSeconds - forwarderBefore;
      await sleep(500);
    }
    const results = { product: summary(ours), forwarder: summary(theirs) };
    const perEvent = (total: number, { events }: Summary) => total / events;
    return {
      ...results,
      cpuMs: {
        api: perEvent(cpu.api * 1000, results.product),
        pocketbase: perEvent(cpu.pocketbase * 1000, results.product),
        forwarder: perEvent(cpu.forwarder * 1000, results.forwarder),
      },
      requestsPerEvent: perEvent(storeRequests, results.product),
    };
  }

  for (const target of [pockethook, bare]) await saturate(target, sink, CONNECTIONS, SECONDS.warmUp);
  const phases = {
    '50/s': await alternate(1, (target) => pace(target, sink, 50, SECONDS.paced)),
    '500/s': await alternate(1, (target) => pace(target, sink, 500, SECONDS.paced / 2)),
    saturated: await alternate(SLICES, (target) => saturate(target, sink, CONNECTIONS, SECONDS.saturated / SLICES)),
  };
  const { product: ours, forwarder: theirs } = phases.saturated;
  const result: BenchResult = {
    at: new Date().toISOString(),
    node: process.version,
    cores: cpus().length,
    quick: options.quick,
    ratio: ours.endToEndPerSecond / theirs.endToEndPerSecond,
    phases,
    rss,
  };
  print(result);
  if (before) compare(before, result);
  writeFileSync(join(OUT, 'bench.json'), `${JSON.stringify(result, null, 2)}\n`);
} finally {
  sink.close();
  await Promise.all([product.stop(), stop(forwarder)]);
}
