import type { Output } from './output.ts';

const BAR_WIDTH = 30;

/** Draws `[####----]`; `share` is from 0 to 1. */
export function progressBar(share: number): string {
  const done = Math.floor(share * BAR_WIDTH);
  return `[${'#'.repeat(done)}${'-'.repeat(BAR_WIDTH - done)}]`;
}

export interface Progress {
  /** Shows `text`; where lines can't be overwritten, `inFull` instead if it is given. */
  show(share: number, text: string, inFull?: string): void;
  /** Removes the bar. */
  end(): void;
}

/** A bar if the line can be overwritten, else one line for each tenth. */
export function createProgress(output: Pick<Output, 'rewrites' | 'progress'>): Progress {
  let told = -1;
  return {
    show: (share, text, inFull = text) => {
      if (output.rewrites) return output.progress(`${progressBar(share)} ${text}`);
      const tenths = Math.floor(share * 10);
      if (tenths > told) output.progress(inFull);
      told = Math.max(told, tenths);
    },
    end: () => {
      if (output.rewrites) output.progress('');
    },
  };
}
