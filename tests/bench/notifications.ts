/** `npm run bench:notifications [-- --quick]`: from a tracker's hit to a webhook, over 100, 1,000 and 10,000 sites. docs/benchmarks.md explains it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pace, percentile, sleep, type Target } from './measure.ts';
import { ingestRequest } from './payload.ts';
import { plot } from './plot.ts';
import { usage } from './processes.ts';
import { startProduct } from './product.ts';
import { startSink } from './sink.ts';
import { makeAccounts, makeSites, type Site, waitForTriggers } from './sites.ts';
import { sendHits, type Traffic } from './traffic.ts';
import { startWebhookSink } from './webhooks.ts';

const QUICK = process.argv.includes('--quick');
const PROFILE = process.argv.includes('--profile');
const SIZES = QUICK ? [100, 1_000] : [100, 1_000, 10_000];
const RATE = 1_000;
const SECONDS = QUICK ? 10 : 20;
/** The largest runs longer, so that memory is seen to be level. */
const LAST_SECONDS = QUICK ? 10 : 60;
const INGEST_RATE = 50;
const INGEST_ALONE_S = 10;
const SAMPLE_MS = 10_000;
const ALL_TOLD_MS = 60_000;
const ROOT = process.cwd();
const OUT = join(ROOT, 'reports/bench');
const PICTURE = join(ROOT, 'docs/images/notifications-scale.svg');

mkdirSync(OUT, { recursive: true });
const sink = await startSink();
const webhooks = await startWebhookSink();
const product = await startProduct(ROOT, OUT, sink.port, PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${OUT}`] : []);
const ingest: Target = { port: product.port, request: (n) => ingestRequest('/ingest/bench', n, product.secret) };
const sites: Site[] = [];
try {
  const accounts = await makeAccounts(product.superuser, webhooks.port);
  const results: Record<string, Awaited<ReturnType<typeof measureSize>>> = {};
  for (const size of SIZES) {
    const start = performance.now();
    const added = await makeSites(product.superuser, accounts, sites.length, size);
    sites.push(...added);
    const made = performance.now();
    await waitForTriggers(product.superuser, size * 2);
    const seconds = [made - start, performance.now() - made].map((ms) => Math.round(ms / 1_000));
    console.log(`${added.length} sites made in ${seconds[0]} s, watched ${seconds[1]} s later`);
    results[size] = await measureSize(added, size === SIZES.at(-1) ? LAST_SECONDS : SECONDS);
  }
  report(results);
} finally {
  await product.stop();
  sink.close();
  webhooks.close();
}

async function measureSize(added: Site[], seconds: number) {
  const alone = await pace(ingest, sink, INGEST_RATE, INGEST_ALONE_S);
  const busy = added.slice(0, seconds);
  const calm = sites.filter((site) => !busy.includes(site));
  const before = { usage: usages(), metrics: await product.metrics() };
  const memory = sampleMemory();
  const repeatedBefore = webhooks.repeated;
  const [traffic, beside] = await Promise.all([
    sendHits(product.port, { calm, busy }, RATE, seconds),
    pace(ingest, sink, INGEST_RATE, seconds),
  ]);
  const used = usages();
  const samples = memory.end();
  const told = await awaitWebhooks(traffic);
  const metrics = await product.metrics();
  const cpu = (name: 'api' | 'pocketbase') =>
    ((used[name].cpuSeconds - before.usage[name].cpuSeconds) * 1_000) / traffic.acks.length;
  return {
    'hits/s': Math.round(traffic.acks.length / traffic.seconds),
    'hits refused': traffic.refused,
    'ack p50 ms': round(percentile(traffic.acks, 50)),
    'ack p95 ms': round(percentile(traffic.acks, 95)),
    'ack p99 ms': round(percentile(traffic.acks, 99)),
    'notifications due': told.due,
    'told, healthy %': round((told.lags.length / told.due) * 100),
    repeated: webhooks.repeated - repeatedBefore,
    'hit → webhook p50 ms': round(percentile(told.lags, 50)),
    'hit → webhook p95 ms': round(percentile(told.lags, 95)),
    'hit → webhook max ms': round(told.lags.at(-1) ?? Number.NaN),
    'evaluation of all ms': round(meanMs(before.metrics, metrics, 'all')),
    'evaluation of touched ms': round(meanMs(before.metrics, metrics, 'touched')),
    'API ms/hit': round(cpu('api')),
    'PocketBase ms/hit': round(cpu('pocketbase')),
    'API MB': samples.map(({ api }) => api),
    'PocketBase MB': samples.map(({ pocketbase }) => pocketbase),
    'ingest ack p95 ms, alone': round(percentile(alone.ack, 95)),
    'ingest ack p95 ms, beside': round(percentile(beside.ack, 95)),
    'ingest end to end p95 ms, alone': round(percentile(alone.endToEnd, 95)),
    'ingest end to end p95 ms, beside': round(percentile(beside.endToEnd, 95)),
  };
}

/** Milliseconds from acknowledged hits to healthy webhooks, sorted. What has not arrived after a minute is lost. */
async function awaitWebhooks({ expected }: Traffic): Promise<{ due: number; lags: number[] }> {
  const healthy = [...expected].filter(([, one]) => one.healthy);
  const missing = () => healthy.some(([name]) => !webhooks.received.has(name));
  const giveUp = performance.now() + ALL_TOLD_MS;
  while (missing() && performance.now() < giveUp) await sleep(100);
  const lags = healthy.flatMap(([name, { at }]) => {
    const received = webhooks.received.get(name);
    return received === undefined ? [] : Math.max(received - at, 0);
  });
  return { due: healthy.length, lags: lags.sort((a, b) => a - b) };
}

function sampleMemory(): { end(): { api: number; pocketbase: number }[] } {
  const samples: { api: number; pocketbase: number }[] = [];
  const take = () => {
    const { api, pocketbase } = usages();
    samples.push({ api: Math.round(api.rssMegabytes), pocketbase: Math.round(pocketbase.rssMegabytes) });
  };
  const timer = setInterval(take, SAMPLE_MS);
  return {
    end() {
      clearInterval(timer);
      take();
      return samples;
    },
  };
}

function usages() {
  return { api: usage(product.pids.api), pocketbase: usage(product.pids.pocketbase) };
}

/** Mean of the evaluations between two readings of `/metrics`. */
function meanMs(before: string, after: string, triggers: 'all' | 'touched'): number {
  const read = (metrics: string, suffix: string) =>
    Number(
      new RegExp(`^pockethook_trigger_evaluation_seconds_${suffix}\\{triggers="${triggers}"\\} (.*)$`, 'm').exec(
        metrics,
      )?.[1] ?? 0,
    );
  const grown = (suffix: string) => read(after, suffix) - read(before, suffix);
  return (grown('sum') / grown('count')) * 1_000;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function report(results: Record<string, Awaited<ReturnType<typeof measureSize>>>): void {
  const columns = Object.fromEntries(
    Object.entries(results).map(([size, result]) => [
      `${Number(size).toLocaleString('en')} sites`,
      { ...result, 'API MB': result['API MB'].join(' '), 'PocketBase MB': result['PocketBase MB'].join(' ') },
    ]),
  );
  for (const [name, column] of Object.entries(columns)) console.table({ [name]: '', ...column });
  writeFileSync(join(OUT, 'notifications.json'), `${JSON.stringify(results, null, 2)}\n`);
  if (QUICK) return;
  const series = (label: string, color: string, of: (result: (typeof results)[string]) => number) => ({
    label,
    color,
    values: SIZES.map((size) => of(results[size] as (typeof results)[string])),
  });
  writeFileSync(
    PICTURE,
    plot('How it grows with the number of sites', 'sites, each with two triggers', SIZES, [
      series('hit → webhook, p95, ms', '#0969da', (result) => result['hit → webhook p95 ms']),
      series('evaluating all sites, ms', '#bc4c00', (result) => result['evaluation of all ms']),
      series(
        'memory, both, MB',
        '#1a7f37',
        (result) => (result['API MB'].at(-1) ?? 0) + (result['PocketBase MB'].at(-1) ?? 0),
      ),
    ]),
  );
}
