import SonicBoom from 'sonic-boom';
import type { LogDestination } from './logger.ts';

export interface BoundedDestination extends LogDestination {
  /** Writes all that waits before it returns: for the end of the process. */
  flushSync(): void;
}

export interface BoundedDestinationOptions {
  /** File descriptor, as 1 for standard output. */
  fd: number;
  /** Other processes write into the same pipe. */
  isShared: boolean;
  /** Called with how many lines were dropped since, as soon as there is room again. */
  onDropped: (lines: number) => void;
  /** Bytes that may wait; beyond it lines are dropped. */
  heldAtMost?: number;
}

/**
 * Bytes: `least` are written at once, if they come together in time, and `most`. What several processes write into one pipe stays whole
 * up to 4096 (PIPE_BUF of Linux).
 */
const SHARED = { least: 2 * 1024, most: 4096 };
const ALONE = { least: 16 * 1024, most: 64 * 1024 };
const GATHERED_FOR_MS = 50;
const HELD_AT_MOST = 8 * 1024 * 1024;
/** How often a full pipe is tried again, each tenth of a second, before the end of the process gives up on it. */
const TRIED_AT_MOST = 20;

/**
 * Writes lines beside the event loop, many at once: whoever reads them slowly, or not at all, holds nobody up. Lines that a full
 * disk or a closed pipe refuses wait for the next try.
 */
export function createLogDestination(options: BoundedDestinationOptions): BoundedDestination {
  const { least, most } = options.isShared ? SHARED : ALONE;
  const stream = new SonicBoom({
    fd: options.fd,
    minLength: least,
    maxWrite: most,
    maxLength: options.heldAtMost ?? HELD_AT_MOST,
    retryEAGAIN: () => !ending || tries++ < TRIED_AT_MOST,
  });
  let ending = false;
  let tries = 0;
  let dropped = 0;
  /** Bytes that are not written yet. */
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;

  function flushSoon(): void {
    timer ??= setTimeout(flush, GATHERED_FOR_MS).unref();
  }

  /** While something is being written, the stream leaves what came since where it is: that is for the next time. */
  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    stream.flush();
    if (waiting > 0) flushSoon();
  }

  stream.on('drop', (line: string) => {
    dropped++;
    waiting -= Buffer.byteLength(line);
  });
  stream.on('write', (bytes: number) => {
    waiting -= bytes;
    if (dropped === 0) return;
    const lines = dropped;
    dropped = 0;
    options.onDropped(lines);
  });
  stream.on('error', () => undefined);

  return {
    write(line) {
      waiting += Buffer.byteLength(line);
      stream.write(line);
      flushSoon();
    },
    flush,
    flushSync() {
      clearTimeout(timer);
      timer = undefined;
      ending = true;
      waiting = 0;
      try {
        stream.flushSync();
      } catch {
        // Nobody can be told any more.
      }
    },
  };
}
