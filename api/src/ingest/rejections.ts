import type { Rejection } from '../model/event.ts';
import { faultFields, type Logger } from '../ops/logger.ts';

export interface RejectionRecorderDeps {
  /** Stores one; the store keeps the newest 100 of each source. */
  store: (rejection: Rejection) => Promise<void>;
  logger: Logger;
}

export interface RejectionRecorder {
  /** Queues a rejection to be stored. Never waits and never throws: refusing a request must stay cheap. */
  record(rejection: Rejection): void;
  /** Drops the queued rejections; resolves when the write under way has ended. */
  stop(): Promise<void>;
}

const WAITING_AT_MOST = 100;
/** Bounds the writes that a flood of bad requests can cause: one at a time, at most 50 a second. */
const BETWEEN_WRITES_MS = 20;

/** Stores rejections in the background; when too many wait, drops the oldest. */
export function createRejectionRecorder(deps: RejectionRecorderDeps): RejectionRecorder {
  const waiting: Rejection[] = [];
  let writer: Promise<void> | undefined;

  async function write(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await deps.store(next).catch((fault) => {
        deps.logger.warn('rejection not recorded', faultFields(fault));
      });
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_WRITES_MS));
    }
    writer = undefined;
  }

  return {
    record(rejection) {
      if (waiting.length === WAITING_AT_MOST) waiting.shift();
      waiting.push(rejection);
      writer ??= write();
    },
    async stop() {
      waiting.length = 0;
      await writer;
    },
  };
}
