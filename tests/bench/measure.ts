import { openConnection } from './load.ts';
import type { Sink } from './sink.ts';

/** Milliseconds, sorted. */
export interface Latencies {
  ack: number[];
  endToEnd: number[];
}

export interface Measured extends Latencies {
  seconds: number;
  acks: number;
  /** Arrived at the sink within the time measured. */
  delivered: number;
  refused: number;
}

export interface Target {
  port: number;
  request: (n: number) => Buffer;
}

let counter = 0;
/** Long enough for a backlog to drain; what has not arrived by then is lost. */
const DRAIN_MS = 60_000;

/** As many requests as `connections` can send one after the other, for `seconds`; then waits until all have arrived. */
export function saturate(target: Target, sink: Sink, connections: number, seconds: number): Promise<Measured> {
  return measure(sink, seconds, async (sendOne, isOver) => {
    await withConnections(target.port, connections, (send) =>
      (async () => {
        while (!isOver()) await sendOne(target, send);
      })(),
    );
  });
}

/** `rate` requests a second at even times, whether or not earlier ones were answered. */
export function pace(target: Target, sink: Sink, rate: number, seconds: number): Promise<Measured> {
  return measure(sink, seconds, async (sendOne, isOver) => {
    const lanes = 16;
    let lane = 0;
    const start = performance.now();
    await withConnections(target.port, lanes, async (send) => {
      for (let tick = lane++; !isOver(); tick += lanes) {
        await sleep(start + (tick * 1000) / rate - performance.now());
        if (!isOver()) await sendOne(target, send);
      }
    });
  });
}

type SendOne = (target: Target, send: (request: Buffer) => Promise<number>) => Promise<void>;

async function measure(
  sink: Sink,
  seconds: number,
  run: (sendOne: SendOne, isOver: () => boolean) => Promise<void>,
): Promise<Measured> {
  const sent = new Map<number, number>();
  const result: Measured = { seconds, acks: 0, delivered: 0, refused: 0, ack: [], endToEnd: [] };
  const end = performance.now() + seconds * 1000;
  let outstanding = 0;
  sink.onDelivery = (n) => {
    const at = performance.now();
    const sentAt = sent.get(n);
    if (sentAt === undefined) return;
    sent.delete(n);
    outstanding--;
    if (at <= end) result.delivered++;
    result.endToEnd.push(at - sentAt);
  };
  await run(
    async (target, send) => {
      const n = ++counter;
      const request = target.request(n);
      const sentAt = performance.now();
      sent.set(n, sentAt);
      outstanding++;
      const status = await send(request);
      if (status !== 202) result.refused++;
      else if (performance.now() <= end) result.acks++;
      result.ack.push(performance.now() - sentAt);
    },
    () => performance.now() >= end,
  );
  const giveUp = performance.now() + DRAIN_MS;
  while (outstanding > result.refused && performance.now() < giveUp) await sleep(20);
  if (outstanding > result.refused)
    throw new Error(`${outstanding - result.refused} acknowledged events never arrived`);
  result.ack.sort((a, b) => a - b);
  result.endToEnd.sort((a, b) => a - b);
  return result;
}

/** Does the work over so many connections at once. */
export async function withConnections(
  port: number,
  count: number,
  work: (send: (request: Buffer) => Promise<number>) => Promise<void>,
): Promise<void> {
  const connections = await Promise.all(Array.from({ length: count }, () => openConnection(port)));
  await Promise.all(connections.map(({ send }) => work(send)));
  for (const connection of connections) connection.close();
}

export function percentile(sorted: number[], p: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN;
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
