import type { DroppedHits } from '../../store/hits.ts';

/** Why a hit is not kept. `unknown_site`: no site has its domain; `counted_elsewhere`: not hits are counted of it. */
export type DropReason = 'unknown_site' | 'site_disabled' | 'counted_elsewhere' | 'bot' | 'rate_limited';

/** Counts what is dropped until the next commit takes it along: that needs no commit of its own. */
export interface DroppedTally {
  /** @param site empty: none has the domain, which is not kept */
  add(site: string, reason: DropReason): void;
  take(): DroppedHits[];
  /** What was taken was not stored. */
  putBack(counts: readonly DroppedHits[]): void;
  readonly isEmpty: boolean;
}

export function createDroppedTally(): DroppedTally {
  let counts = new Map<string, DroppedHits>();

  function add({ site, reason, count }: DroppedHits): void {
    const key = `${site} ${reason}`;
    const counted = counts.get(key);
    if (counted) counted.count += count;
    else counts.set(key, { site, reason, count });
  }

  return {
    add: (site, reason) => add({ site, reason, count: 1 }),
    take() {
      const taken = [...counts.values()];
      counts = new Map();
      return taken;
    },
    putBack: (taken) => taken.forEach(add),
    get isEmpty() {
      return counts.size === 0;
    },
  };
}
