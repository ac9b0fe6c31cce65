import { setTimeout as sleep, setImmediate as turnOfEventLoop } from 'node:timers/promises';
import { createRateLimit } from '../ingest/rate-limit.ts';
import type { ByteBudget } from '../ingest/read-body.ts';
import type { Clock } from '../model/ids.ts';
import { createDroppedTally } from '../notifications/hits/dropped-tally.ts';
import { createHitsHandler } from '../notifications/hits/handler.ts';
import { createRecorder, type Hit } from '../notifications/hits/recorder.ts';
import { createSaltCache } from '../notifications/hits/salts.ts';
import type { NotificationsView } from '../notifications/sites/view.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import { pause } from '../ops/pause.ts';
import { groupCommit } from '../store/group-commit.ts';
import type { HitStore } from '../store/hits.ts';

export interface HitsDeps {
  hits: HitStore;
  notifications: { readonly current: NotificationsView };
  /** For the bodies of all requests that are not answered yet. */
  budget: ByteBudget;
  /** Characters that may wait for a commit. */
  waitingCharacters: number;
  logger: Logger;
  metrics: Metrics;
}

export type Hits = ReturnType<typeof assembleHits>;

const MEBIBYTE = 1024 * 1024;
const LIMITS = { maxItems: 512, maxBytes: 4 * MEBIBYTE };
/** Of one site, in this process: what is above is dropped, so that no site's flood takes all of the store's time. */
const HITS_A_SECOND = 1_000;
/** When nothing is recorded, how long the store may wait for what was dropped. */
const FLUSH_MS = 5_000;

/** Nobody waits for the answer to a hit; with fewer commits each hit costs half as much. */
const COMMITS_APART_MS = 10;

/** `/api/event`, and what records hits. */
export function assembleHits({ hits, notifications, budget, waitingCharacters, logger, metrics }: HitsDeps) {
  const elapsed = () => performance.now();
  const dropped = createDroppedTally();
  const salts = createSaltCache({ read: hits.salts, elapsed });
  const record = groupCommit(createRecorder({ record: hits.record, salts, dropped, elapsed }), {
    ...LIMITS,
    maxWaitingBytes: waitingCharacters,
    sizeOf: (request) => request.reduce((total, hit) => total + sizeOf(hit), 0),
    observe: (items) => metrics.groupCommitSize.observe({ call: 'hits' }, items),
    pace: pacedTurns(elapsed),
  });
  const rateLimit = createRateLimit({ now: elapsed });
  const takeTurn = (site: string) => rateLimit.take({ id: site, rate_limit: HITS_A_SECOND }) === 0;

  /** What was dropped reaches the store even when nothing else does: a broken tracker is to be seen. */
  async function flush(): Promise<void> {
    if (!dropped.isEmpty) await record([]);
  }

  async function flushUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await pause(FLUSH_MS, signal);
      await flush().catch(() => undefined);
    }
  }

  return {
    handle: createHitsHandler({ notifications, record, dropped, takeTurn, budget, logger, metrics, elapsed }),
    flush,
    flushUntil,
  };
}

/** The first commit after a pause begins at once. */
function pacedTurns(elapsed: Clock): () => Promise<unknown> {
  let last = Number.NEGATIVE_INFINITY;
  return async () => {
    const wait = last + COMMITS_APART_MS - elapsed();
    await (wait > 0 ? sleep(wait) : turnOfEventLoop());
    last = elapsed();
  };
}

function sizeOf({ identity, page, source, completions }: Hit): number {
  return identity.length + page.length + source.length + completions.length * 100 + 200;
}
