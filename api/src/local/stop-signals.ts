/**
 * npm passes on the SIGINT that a terminal has already sent to this process as well, so one Ctrl-C arrives as two signals
 * within milliseconds.
 */
const SAME_KEYSTROKE_MS = 1_000;

export interface StopSignalDeps {
  /** Milliseconds that only go forward. */
  elapsed: () => number;
  /** Called once, by the first signal. */
  stop: (signal: NodeJS.Signals) => void;
  /** Called by another signal a moment later: somebody doesn't want to wait. */
  stopNow: () => void;
}

/** Handles SIGTERM and SIGINT: the first stops gracefully, a second one means now. */
export function createStopSignal({ elapsed, stop, stopNow }: StopSignalDeps): (signal: NodeJS.Signals) => void {
  let firstAt: number | undefined;
  return (signal) => {
    if (firstAt === undefined) {
      firstAt = elapsed();
      stop(signal);
    } else if (elapsed() - firstAt >= SAME_KEYSTROKE_MS) stopNow();
  };
}
