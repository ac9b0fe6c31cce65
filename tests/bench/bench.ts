/** `npm run bench [-- --quick] [-- --profile]`: the product against a bare forwarder, alternating, on loopback. docs/benchmarks.md explains it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { type Measured, pace, percentile, saturate, sleep, type Target } from './measure.ts';
import { ingestRequest } from './payload.ts';
import { startNode, stop, usage, waitForLine } from './processes.ts';
import { startProduct } from './product.ts';
import { startSink } from './sink.ts';

const PROFILE = process.argv.includes('--profile');
const QUICK = process.argv.includes('--quick');
const CONNECTIONS = 32;
const WARM_UP_S = QUICK ? 1 : 5;
const PACED_S = QUICK ? 5 : 30;
const SATURATED_S = QUICK ? 4 : 20;
const SLICES = QUICK ? 2 : 4;
const ROOT = process.cwd();
const OUT = join(ROOT, 'reports/bench');

mkdirSync(OUT, { recursive: true });
const sink = await startSink();
const forwarderLog = join(OUT, 'forwarder.log');
const forwarder = startNode([join(OUT, 'forwarder.mjs'), String(sink.port)], {}, forwarderLog);
const product = await startProduct(ROOT, OUT, sink.port, PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${OUT}`] : []);
try {
  const pockethook: Target = { port: product.port, request: (n) => ingestRequest('/ingest/bench', n, product.secret) };
  const bare: Target = {
    port: Number(await waitForLine(forwarderLog, /^(\d+)$/m, forwarder)),
    request: (n) => ingestRequest('/forward', n, product.secret),
  };
  const pids = { api: product.pids.api, pocketbase: product.pids.pocketbase, forwarder: forwarder.pid as number };
  for (const target of [pockethook, bare]) await saturate(target, sink, CONNECTIONS, WARM_UP_S);

  const paced = await pace(pockethook, sink, 50, PACED_S);
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  const cpuSeconds = { api: 0, pocketbase: 0, forwarder: 0 };
  const rss: { api: number; pocketbase: number }[] = [];
  let storeRequests = 0;
  for (let slice = 0; slice < SLICES; slice++) {
    const before = {
      api: usage(pids.api),
      pocketbase: usage(pids.pocketbase),
      requests: await product.storeRequests(),
    };
    ours.push(await saturate(pockethook, sink, CONNECTIONS, SATURATED_S / SLICES));
    const after = { api: usage(pids.api), pocketbase: usage(pids.pocketbase), requests: await product.storeRequests() };
    cpuSeconds.api += after.api.cpuSeconds - before.api.cpuSeconds;
    cpuSeconds.pocketbase += after.pocketbase.cpuSeconds - before.pocketbase.cpuSeconds;
    storeRequests += after.requests - before.requests;
    rss.push({ api: after.api.rssMegabytes, pocketbase: after.pocketbase.rssMegabytes });
    await sleep(500);
    const forwarderBefore = usage(pids.forwarder).cpuSeconds;
    theirs.push(await saturate(bare, sink, CONNECTIONS, SATURATED_S / SLICES));
    cpuSeconds.forwarder += usage(pids.forwarder).cpuSeconds - forwarderBefore;
    await sleep(500);
  }
  report({
    paced: summary([paced]),
    saturated: summary(ours),
    forwarder: summary(theirs),
    cpuSeconds,
    rss,
    storeRequests,
    events: ours.reduce((n, { ack }) => n + ack.length, 0),
    forwarded: theirs.reduce((n, { ack }) => n + ack.length, 0),
  });
} finally {
  sink.close();
  await Promise.all([product.stop(), stop(forwarder)]);
}

interface Summary {
  acksPerSecond: number;
  endToEndPerSecond: number;
  refused: number;
  ackMs: Record<'p50' | 'p95' | 'p99', number>;
  endToEndMs: Record<'p50' | 'p95' | 'p99', number>;
}

function summary(slices: Measured[]): Summary {
  const total = (value: (slice: Measured) => number) => slices.reduce((sum, slice) => sum + value(slice), 0);
  const seconds = total((slice) => slice.seconds);
  const merged = (key: 'ack' | 'endToEnd') => slices.flatMap((slice) => slice[key]).sort((a, b) => a - b);
  const percentiles = (values: number[]) => ({
    p50: round(percentile(values, 50)),
    p95: round(percentile(values, 95)),
    p99: round(percentile(values, 99)),
  });
  return {
    acksPerSecond: Math.round(total((slice) => slice.acks) / seconds),
    endToEndPerSecond: Math.round(total((slice) => slice.delivered) / seconds),
    refused: total((slice) => slice.refused),
    ackMs: percentiles(merged('ack')),
    endToEndMs: percentiles(merged('endToEnd')),
  };
}

function report(result: {
  paced: Summary;
  saturated: Summary;
  forwarder: Summary;
  cpuSeconds: Record<'api' | 'pocketbase' | 'forwarder', number>;
  rss: { api: number; pocketbase: number }[];
  storeRequests: number;
  events: number;
  forwarded: number;
}): void {
  const ratio = result.saturated.endToEndPerSecond / result.forwarder.endToEndPerSecond;
  const requestsPerEvent = result.storeRequests / result.events;
  const row = (name: string, { acksPerSecond, endToEndPerSecond, ackMs, endToEndMs }: Summary) => ({
    '': name,
    'acks/s': acksPerSecond,
    'end to end/s': endToEndPerSecond,
    'ack p50/p95/p99 ms': Object.values(ackMs).join(' / '),
    'end to end p50/p95/p99 ms': Object.values(endToEndMs).join(' / '),
  });
  console.table([
    row('50 a second', result.paced),
    row('saturated', result.saturated),
    row('bare forwarder', result.forwarder),
  ]);
  console.log(`ratio to the bare forwarder     ${ratio.toFixed(2)}`);
  console.log(`PocketBase requests per event   ${requestsPerEvent.toFixed(3)}`);
  const perEvent = (seconds: number, events: number) => `${((seconds * 1000) / events).toFixed(3)} ms`;
  for (const name of ['api', 'pocketbase'] as const) {
    const memory = result.rss.map((reading) => Math.round(reading[name])).join(', ');
    console.log(
      `${name.padEnd(14)} CPU per event ${perEvent(result.cpuSeconds[name], result.events)}, RSS after each slice ${memory} MB`,
    );
  }
  console.log(`bare forwarder CPU per event ${perEvent(result.cpuSeconds.forwarder, result.forwarded)}`);
  const facts = {
    at: new Date().toISOString(),
    node: process.version,
    cores: cpus().length,
    quick: QUICK,
    ratio,
    requestsPerEvent,
    ...result,
  };
  writeFileSync(join(OUT, 'bench.json'), `${JSON.stringify(facts, null, 2)}\n`);
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10;
}
