import { setImmediate } from 'node:timers/promises';

/** How long one slice of work may block the event loop, in milliseconds; a single step may take longer. */
const SLICE_MS = 10;

/**
 * Divides long work into slices: await the returned function between steps. It yields to the event loop when the current
 * slice is used up. Time only decides when to yield, so results don't depend on it.
 */
export function createTurns(elapsed = () => performance.now()): () => Promise<void> {
  let since = elapsed();
  return async () => {
    if (elapsed() - since < SLICE_MS) return;
    await setImmediate();
    since = elapsed();
  };
}

/** Runs tasks one at a time, in the order of the calls. */
export function createSequence(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
