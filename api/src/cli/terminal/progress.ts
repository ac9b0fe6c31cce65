import type { Output } from './output.ts';

const BAR_WIDTH = 30;

/** `[####----]`; `share` is from 0 to 1. */
export function progressBar(share: number): string {
  const done = Math.floor(share * BAR_WIDTH);
  return `[${'#'.repeat(done)}${'-'.repeat(BAR_WIDTH - done)}]`;
}

export interface Progress {
  /** `text` says how far it is; `inFull` where lines follow each other, if more is to be said there. */
  show(share: number, text: string, inFull?: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** A bar where a line can be written over, else a line for each tenth. */
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
