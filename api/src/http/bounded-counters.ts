import type { Store } from 'express-rate-limit';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../model/ids.ts';

export interface BoundedCountersDeps {
  /** How long one counter counts, from its first hit on. */
  windowMs: number;
  /** Beyond it, the one that was not used for the longest time is forgotten. */
  countersAtMost: number;
  now: Clock;
}

interface Counter {
  totalHits: number;
  resetTime: Date;
}

/** Counters for express-rate-limit, whose own take more memory with every key that somebody invents. */
export function createBoundedCounters({ windowMs, countersAtMost, now }: BoundedCountersDeps): Store {
  const counters = new LRUCache<string, Counter>({
    max: countersAtMost,
    ttl: windowMs,
    ttlResolution: 0,
    perf: { now },
  });
  return {
    localKeys: true,
    increment(key) {
      const counter = counters.get(key) ?? { totalHits: 0, resetTime: new Date(now() + windowMs) };
      if (counter.totalHits === 0) counters.set(key, counter);
      counter.totalHits++;
      return counter;
    },
    decrement(key) {
      const counter = counters.get(key);
      if (counter && counter.totalHits > 0) counter.totalHits--;
    },
    resetKey: (key) => void counters.delete(key),
  };
}
