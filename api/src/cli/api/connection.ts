import { CommandError, EXIT } from '../exit-codes.ts';
import type { Output } from '../terminal/output.ts';

/**
 * For commands that ask again and again: says once that the API is unreachable, and once that it is back.
 * @param meanwhile what becomes of what happens in the meantime
 */
export function createConnection({ note }: Pick<Output, 'note'>, signal: AbortSignal, meanwhile: string) {
  let lost = false;
  return {
    /** Returns the result of the work; true, which means wait, when the API is unreachable or the signal is aborted. */
    attempt: async (work: () => Promise<boolean>): Promise<boolean> => {
      try {
        const result = await work();
        if (lost) note('The API answers again.');
        lost = false;
        return result;
      } catch (fault) {
        if (signal.aborted) return true;
        if (!(fault instanceof CommandError) || fault.exitCode !== EXIT.unavailable) throw fault;
        if (!lost) note(`The API does not answer. Waiting for it; ${meanwhile}.`);
        lost = true;
        return true;
      }
    },
  };
}
