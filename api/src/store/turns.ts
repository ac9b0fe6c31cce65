import { isAway, Problem } from '../model/problems.ts';

export interface TurnsOptions {
  atOnce: number;
  /** More are refused with `too_many_requests`. */
  waitingAtMost: number;
}

const RETRY_AFTER_S = 2;

/**
 * Limits how many slow store calls run at once; others wait in a queue. When the store is away, those that wait fail with the
 * one that found out, instead of each waiting for its own timeout.
 * @throws Problem `too_many_requests` when too many wait
 */
export function createTurns({ atOnce, waitingAtMost }: TurnsOptions): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: { begin: () => void; fail: (fault: unknown) => void }[] = [];
  let busy = 0;

  async function turn(): Promise<void> {
    if (busy < atOnce) {
      busy++;
      return;
    }
    if (waiting.length === waitingAtMost)
      throw new Problem('too_many_requests', 'Too many ask for this at once. Try again in a few seconds.', {
        retryAfter: RETRY_AFTER_S,
      });
    // The one that ends hands its place to the first in the queue, so no newcomer overtakes it.
    await new Promise<void>((begin, fail) => waiting.push({ begin, fail }));
  }

  return async (work) => {
    await turn();
    try {
      return await work();
    } catch (fault) {
      if (isAway(fault)) for (const { fail } of waiting.splice(0)) fail(fault);
      throw fault;
    } finally {
      const next = waiting.shift();
      if (next) next.begin();
      else busy--;
    }
  };
}
