import { setImmediate } from 'node:timers/promises';

/** What others wait for at most while a long piece of work is under way, in milliseconds; one step of it may be longer. */
const SLICE_MS = 10;

/**
 * Divides long work into slices: call the result between two steps of it; it lets others have their turn if this slice
 * has been long enough. The clock decides only when to wait, never what comes out.
 */
export function createTurns(elapsed = () => performance.now()): () => Promise<void> {
  let since = elapsed();
  return async () => {
    if (elapsed() - since < SLICE_MS) return;
    await setImmediate();
    since = elapsed();
  };
}

/** Does one piece of work at a time, in the order of the calls. */
export function createSequence(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
