import type { BuildProgress } from './binary.ts';

export interface BuildDisplayDeps {
  write: (text: string) => void;
  /** Whether a line can be overwritten, as on a terminal. */
  rewrites: boolean;
  /** Milliseconds that only go forward. */
  elapsed: () => number;
  /** Calls back again and again until the returned function is called. */
  every: (ms: number, tick: () => void) => () => void;
}

export interface BuildDisplay {
  report(progress: BuildProgress): void;
  end(): void;
}

const REWRITE_MS = 500;
/** Where each state is a line of its own, as in the log of a container. */
const LINE_MS = 10_000;
const CLEAR_LINE = '\r\x1b[K';

/** Shows what the build of the PocketBase service is at, and for how long it has been. */
export function showBuild({ write, rewrites, elapsed, every }: BuildDisplayDeps): BuildDisplay {
  const startedAt = elapsed();
  const took = () => clockTime(elapsed() - startedAt);
  let state = 'looking for what it needs';
  const show = () => {
    const text = `Building the PocketBase service: ${state}, ${took()}`;
    write(rewrites ? CLEAR_LINE + text : `${text}\n`);
  };
  write('Building the PocketBase service: only this once, a few minutes.\n');
  const stop = every(rewrites ? REWRITE_MS : LINE_MS, show);
  return {
    report(progress) {
      state = describe(progress);
    },
    end() {
      stop();
      if (rewrites) write(CLEAR_LINE);
    },
  };
}

function describe({ step, done, total }: BuildProgress): string {
  if (step === 'fetching') return 'fetching Go modules';
  return `compiled ${done}${total === undefined ? '' : ` of ${Math.max(total, done)}`} packages`;
}

function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
