import type { Clock } from '../../model/ids.ts';
import { storeUnavailable } from '../../model/problems.ts';
import type { HitStore, StoredHit } from '../../store/hits.ts';
import type { DroppedTally } from './dropped-tally.ts';
import type { SaltCache } from './salts.ts';
import { hashVisitor } from './visitor.ts';

/** A hit on its way: until the commit it knows who it was, in memory only. */
export interface Hit extends Omit<StoredHit, 'visitor' | 'previous' | 'age_ms'> {
  identity: string;
  /** Monotonic, in milliseconds. */
  receivedAt: number;
}

export interface RecorderDeps {
  record: HitStore['record'];
  salts: SaltCache;
  dropped: DroppedTally;
  elapsed: Clock;
}

/**
 * Stores the hits of several requests in one durable commit, with what was dropped meanwhile. Call it for one batch after
 * another: batches have rising numbers.
 */
export function createRecorder({ record, salts, dropped, elapsed }: RecorderDeps) {
  let batch = 0;

  /** True: it is stored. False: it was hashed by a salt of yesterday, as the store's clock has it. */
  async function tryToRecord(hits: Hit[], counts: ReturnType<DroppedTally['take']>): Promise<boolean> {
    const { day, today, yesterday } = await salts.current();
    const items = hits.map(({ identity, receivedAt, ...hit }) => ({
      ...hit,
      visitor: hashVisitor(identity, today),
      previous: yesterday ? hashVisitor(identity, yesterday) : '',
      age_ms: Math.max(0, Math.round(elapsed() - receivedAt)),
    }));
    batch++;
    return (await record({ batch, day, items, dropped: counts })) === 'recorded';
  }

  return async (requests: Hit[][]): Promise<undefined[]> => {
    const hits = requests.flat();
    const counts = dropped.take();
    try {
      if (await tryToRecord(hits, counts)) return requests.map(() => undefined);
      salts.forget();
      if (await tryToRecord(hits, counts)) return requests.map(() => undefined);
    } catch (fault) {
      dropped.putBack(counts);
      throw fault;
    }
    dropped.putBack(counts);
    throw storeUnavailable();
  };
}
