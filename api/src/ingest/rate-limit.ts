import type { Source } from '../model/configuration.ts';
import type { Clock } from '../model/ids.ts';

type LimitedSource = Pick<Source, 'id' | 'rate_limit'>;

/** How many events each source may bring to this process; both answer in whole seconds, 0 for "now". */
export interface RateLimit {
  /** How long until the source may bring another event; takes nothing. */
  wait(source: LimitedSource): number;
  /** Counts an event, or says how long to wait before it comes again. */
  take(source: LimitedSource): number;
}

interface Bucket {
  tokens: number;
  /** When the tokens were counted. */
  at: number;
}

/** A bucket of tokens for each source: one second's worth may come at once, a rest in between is not saved up. */
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

  return { wait: (source) => use(source, 0), take: (source) => use(source, 1) };
}
