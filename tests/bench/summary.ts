import { type Measured, percentile } from './measure.ts';

type Percentiles = Record<'p50' | 'p95' | 'p99', number>;

/** What came of one load, over all its slices. Times in milliseconds. */
export interface Summary {
  /** Answered, and arrived, whether or not within the time measured. */
  events: number;
  acksPerSecond: number;
  endToEndPerSecond: number;
  refused: number;
  ackMs: Percentiles;
  endToEndMs: Percentiles;
}

export function summary(slices: Measured[]): Summary {
  const total = (value: (slice: Measured) => number) => slices.reduce((sum, slice) => sum + value(slice), 0);
  const seconds = total((slice) => slice.seconds);
  const merged = (key: 'ack' | 'endToEnd') => slices.flatMap((slice) => slice[key]).sort((a, b) => a - b);
  return {
    events: total(({ ack }) => ack.length),
    acksPerSecond: Math.round(total((slice) => slice.acks) / seconds),
    endToEndPerSecond: Math.round(total((slice) => slice.delivered) / seconds),
    refused: total((slice) => slice.refused),
    ackMs: percentiles(merged('ack')),
    endToEndMs: percentiles(merged('endToEnd')),
  };
}

function percentiles(sorted: number[]): Percentiles {
  const at = (p: number) => Math.round(percentile(sorted, p) * 10) / 10;
  return { p50: at(50), p95: at(95), p99: at(99) };
}
