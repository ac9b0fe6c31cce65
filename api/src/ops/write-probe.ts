import type { Clock } from '../model/ids.ts';
import type { Logger } from './logger.ts';

/** What a real write of the store came to; `problem` is empty when it came through. */
export interface WriteResult {
  problem: string;
  folder?: string;
  free?: string;
}

export interface WriteProbeDeps {
  /** Makes the store write; rejects when it can't be asked. */
  write: () => Promise<WriteResult>;
  /** Words for a rejection. */
  describeOutage: (fault: unknown) => string;
  now: Clock;
  logger: Pick<Logger, 'error' | 'info'>;
}

/** Probes may come as often as they like: a write costs a sync of the disk. */
const FRESH_MS = 3_000;

/**
 * Whether the store can be written: undefined, or a sentence that names what is wrong. Asked again within 3 seconds, or
 * while a write is under way, it answers the same. A change is logged once, with the folder and what is free there.
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
