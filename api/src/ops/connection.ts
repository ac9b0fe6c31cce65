import { setTimeout as sleep } from 'node:timers/promises';
import { createFaultLog, type Logger } from './logger.ts';

export interface ConnectionDeps {
  /** The calls to the store that must succeed once before the process is ready. */
  connect: () => Promise<void>;
  logger: Logger;
}

const PAUSE_MS = 300;
const PAUSE_AT_MOST_MS = 5_000;

/** Retries `connect` with growing pauses until it succeeds or `signal` aborts; the process already serves requests. */
export async function keepConnecting({ connect, logger }: ConnectionDeps, signal: AbortSignal): Promise<void> {
  const faults = createFaultLog(logger, 'not connected to the store yet');
  for (let pause = PAUSE_MS; !signal.aborted; pause = Math.min(pause * 2, PAUSE_AT_MOST_MS)) {
    try {
      return await connect();
    } catch (fault) {
      faults.failed(fault, { again_in_ms: pause });
      await sleep(pause, undefined, { signal }).catch(() => undefined);
    }
  }
}
