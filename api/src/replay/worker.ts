import { createWaker } from '../dispatch/waker.ts';
import { faultFields } from '../ops/logger.ts';
import type { Replays } from '../store/replays.ts';
import { REPLAY_LEASE_MS, type ReplayJobDeps, workOn } from './job.ts';

export interface ReplayWorkerDeps extends ReplayJobDeps {
  replays: Pick<Replays, 'page' | 'read' | 'save' | 'claim'>;
}

/** Works on replays of many events, one at a time; another process may work on another. */
export interface ReplayWorker {
  run(): void;
  /** There is a new one. */
  wake(): void;
  /** Saves how far it has come and gives the replay back. */
  stop(): Promise<void>;
}

/** Another process may have died with one, or made one. */
const LOOK_AGAIN_MS = 5_000;

export function createReplayWorker(deps: ReplayWorkerDeps): ReplayWorker {
  const waker = createWaker();
  const abort = new AbortController();
  let loop: Promise<void> | undefined;

  async function keepWorking(): Promise<void> {
    while (!abort.signal.aborted) {
      if (!(await workOnNext())) await waker.wait(LOOK_AGAIN_MS);
    }
  }

  /** False: there is nothing to do, or it can't be done now. */
  async function workOnNext(): Promise<boolean> {
    let id: string | undefined;
    try {
      const replay = await deps.replays.claim(REPLAY_LEASE_MS);
      if (!replay) return false;
      id = replay.id;
      await workOn(deps, replay, abort.signal);
      return true;
    } catch (fault) {
      deps.logger.warn('replay interrupted', { ...(id && { replay: id }), ...faultFields(fault) });
      return false;
    }
  }

  return {
    run() {
      loop ??= keepWorking();
    },
    wake: waker.wake,
    async stop() {
      abort.abort();
      waker.wake();
      await loop;
    },
  };
}
