/** Lets one loop sleep until `wake`, or until the earliest time passed to `wakeIn`. */
export interface Waker {
  /** Sleeps at most this long; returns at once if it was woken since the last wait. */
  wait(ms: number): Promise<void>;
  wake(): void;
  /** Wakes the loop after this time at the latest. */
  wakeIn(ms: number): void;
  /** Sleeps for the whole time; `wake` doesn't end it. */
  pause(ms: number): Promise<void>;
}

export function createWaker(): Waker {
  let woken = false;
  let dueAt = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let resume: (() => void) | undefined;

  function wake(): void {
    woken = true;
    resume?.();
  }

  function arm(): void {
    clearTimeout(timer);
    timer = setTimeout(wake, Math.max(0, dueAt - performance.now()));
  }

  return {
    async wait(ms) {
      if (!woken) {
        dueAt = Math.min(dueAt, performance.now() + ms);
        await new Promise<void>((resolve) => {
          resume = resolve;
          arm();
        });
      }
      clearTimeout(timer);
      resume = undefined;
      woken = false;
      dueAt = Number.POSITIVE_INFINITY;
    },
    wake,
    wakeIn(ms) {
      const at = performance.now() + ms;
      if (at >= dueAt) return;
      dueAt = at;
      if (resume) arm();
    },
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  };
}
