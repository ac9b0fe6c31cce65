import type { Rejection } from '../model/event.ts';
import { faultFields, type Logger } from '../ops/logger.ts';

export interface RejectionRecorderDeps {
  /** Stores one; the store keeps the newest 100 of each source. */
  store: (rejection: Rejection) => Promise<void>;
  logger: Logger;
}

export interface RejectionRecorder {
  /** Never waits, never throws: refusing must stay cheap. */
  record(rejection: Rejection): void;
  /** Forgets what waits; resolves when nothing is being written any more. */
  stop(): Promise<void>;
}

const WAITING_AT_MOST = 100;
/** A flood of bad requests may use this much of the store, no more: one write at a time, at most 50 a second. */
const BETWEEN_WRITES_MS = 20;

/** Writes rejections down behind the answers; in a flood the newest are kept and the rest is forgotten. */
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
