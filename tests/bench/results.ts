import type { Summary } from './summary.ts';

/** One load on the product and, in turns with it, on the forwarder. */
export interface Phase {
  product: Summary;
  forwarder: Summary;
  /** CPU time for an event, by process. */
  cpuMs: Record<'api' | 'pocketbase' | 'forwarder', number>;
  /** Calls to PocketBase. */
  requestsPerEvent: number;
}

/** `reports/bench/bench.json`. */
export interface BenchResult {
  at: string;
  node: string;
  cores: number;
  quick: boolean;
  /** Events that arrived in a second, saturated, of the product's and the forwarder's. */
  ratio: number;
  phases: Record<'50/s' | '500/s' | 'saturated', Phase>;
  /** Megabytes, after each load on the product. */
  rss: { api: number; pocketbase: number }[];
}

export function print({ phases, ratio, rss }: BenchResult): void {
  console.table(
    Object.entries(phases).flatMap(([name, { product, forwarder }]) => [
      { load: name, ...row(product) },
      { load: `${name}, forwarder`, ...row(forwarder) },
    ]),
  );
  console.table(
    Object.entries(phases).map(([name, { cpuMs, requestsPerEvent }]) => ({
      'CPU per event': name,
      'API ms': fixed(cpuMs.api),
      'PocketBase ms': fixed(cpuMs.pocketbase),
      'forwarder ms': fixed(cpuMs.forwarder),
      'API in forwarders': fixed(cpuMs.api / cpuMs.forwarder, 2),
      'PocketBase in forwarders': fixed(cpuMs.pocketbase / cpuMs.forwarder, 2),
      'PocketBase requests': fixed(requestsPerEvent),
    })),
  );
  console.log(`ratio to the bare forwarder     ${fixed(ratio, 2)}`);
  const memory = rss.map(({ api, pocketbase }) => `${Math.round(api)} + ${Math.round(pocketbase)}`);
  console.log(`RSS of API + PocketBase in MB   ${memory.join(', ')}`);
}

/** Two results side by side. Where the machine had other work to do, only what is counted in forwarders compares. */
export function compare(before: BenchResult, now: BenchResult): void {
  const [earlier, later] = [figures(before), figures(now)];
  console.table(
    Object.entries(later).map(([figure, value]) => ({
      figure,
      before: fixed(earlier[figure]),
      now: fixed(value),
      change: earlier[figure] ? `${fixed((value / earlier[figure] - 1) * 100, 0)} %` : '',
    })),
  );
}

function figures({ phases, ratio, rss }: BenchResult): Record<string, number> {
  const rows: [string, number][] = Object.entries(phases).flatMap(
    ([name, { product, forwarder, cpuMs, requestsPerEvent }]) => [
      [`${name}: end to end/s`, product.endToEndPerSecond],
      [`${name}: ack p95 ms`, product.ackMs.p95],
      [`${name}: end to end p95 ms`, product.endToEndMs.p95],
      [`${name}: end to end p95 in forwarders`, product.endToEndMs.p95 / forwarder.endToEndMs.p95],
      [`${name}: CPU of API in forwarders`, cpuMs.api / cpuMs.forwarder],
      [`${name}: CPU of PocketBase in forwarders`, cpuMs.pocketbase / cpuMs.forwarder],
      [`${name}: PocketBase requests per event`, requestsPerEvent],
    ],
  );
  const memory = Math.max(...rss.map(({ api, pocketbase }) => api + pocketbase));
  return {
    ...Object.fromEntries(rows),
    'ratio to the bare forwarder': ratio,
    'RSS together at most, MB': memory,
  };
}

function row({ acksPerSecond, endToEndPerSecond, refused, ackMs, endToEndMs }: Summary) {
  return {
    'acks/s': acksPerSecond,
    'end to end/s': endToEndPerSecond,
    'ack p50/p95/p99 ms': Object.values(ackMs).join(' / '),
    'end to end p50/p95/p99 ms': Object.values(endToEndMs).join(' / '),
    refused,
  };
}

function fixed(value: number | undefined, digits = 3): string {
  return value === undefined ? '' : value.toFixed(digits);
}
