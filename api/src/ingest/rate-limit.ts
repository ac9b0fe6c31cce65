import type { Source } from '../model/configuration.ts';
import type { Clock } from '../model/ids.ts';

type LimitedSource = Pick<Source, 'id' | 'rate_limit'>;

/** Limits each source's events per second in this process. Both functions return whole seconds to wait, 0 for none. */
export interface RateLimit {
  /** The wait until the source may send another event; takes no token. */
  wait(source: LimitedSource): number;
  /**
   * Takes a token for each of so many events; if there is none, the wait before the producer may send them again. One is enough for
   * all events of a request: the source then waits until the others have been made up for.
   */
  take(source: LimitedSource, events?: number): number;
}

interface Bucket {
  tokens: number;
  /** When `tokens` was computed, in milliseconds. */
  at: number;
}

/** A token bucket for each source, which holds one second's worth of tokens at most. */
export function createRateLimit({ now }: { now: Clock }): RateLimit {
  const buckets = new Map<string, Bucket>();

  function refilled({ id, rate_limit }: LimitedSource): Bucket {
    const at = now();
    const bucket = buckets.get(id) ?? { tokens: rate_limit, at };
    const tokens = bucket.tokens + (Math.max(0, at - bucket.at) / 1000) * rate_limit;
    const filled = { tokens: Math.min(rate_limit, tokens), at };
    buckets.set(id, filled);
    return filled;
  }

  function use(source: LimitedSource, tokens: number): number {
    if (source.rate_limit === 0) return 0;
    const bucket = refilled(source);
    if (bucket.tokens < 1) return Math.ceil((1 - bucket.tokens) / source.rate_limit);
    bucket.tokens -= tokens;
    return 0;
  }

  return { wait: (source) => use(source, 0), take: (source, events = 1) => use(source, events) };
}
