import type { Clock } from '../model/ids.ts';
import type { Logger } from './logger.ts';

/** The result of a real write to the store; `problem` is empty if it succeeded. */
export interface WriteResult {
  problem: string;
  folder?: string;
  free?: string;
}

export interface WriteProbeDeps {
  /** Makes the store write; rejects if the store can't be reached. */
  write: () => Promise<WriteResult>;
  /** Describes such a rejection in a sentence. */
  describeOutage: (fault: unknown) => string;
  now: Clock;
  logger: Pick<Logger, 'error' | 'info'>;
}

/** How long a result is reused, since readiness may be polled often and each write costs a sync to disk. */
const FRESH_MS = 3_000;

/**
 * Checks that the store can write: resolves to undefined, or to a sentence that says why not. Within 3 seconds, and while
 * a write is under way, callers get the same result. A change is logged once, with the folder and its free space.
 */
export function createWriteProbe({
  write,
  describeOutage,
  now,
  logger,
}: WriteProbeDeps): () => Promise<string | undefined> {
  let latest: Promise<string | undefined> | undefined;
  let freshUntil = 0;
  let logged = '';

  async function probe(): Promise<string | undefined> {
    try {
      const { problem, folder, free } = await write();
      if (problem !== logged) {
        if (problem) logger.error('the store can not write', { problem, folder, free });
        else logger.info('the store writes again');
      }
      logged = problem;
      return problem ? `PocketBase can't write: ${problem}` : undefined;
    } catch (fault) {
      return describeOutage(fault);
    } finally {
      freshUntil = now() + FRESH_MS;
    }
  }

  return () => {
    if (latest && now() < freshUntil) return latest;
    freshUntil = Number.POSITIVE_INFINITY;
    latest = probe();
    return latest;
  };
}
