import { Problem } from '../model/problems.ts';
import type { NewReplay, ReplayFilter, Replays } from '../store/replays.ts';
import type { Write } from '../store/write.ts';
import { estimateReplay, type ReplayEstimate, type ReplayEstimateDeps } from './estimate.ts';

export interface BulkReplayDeps extends ReplayEstimateDeps {
  replays: Pick<Replays, 'page' | 'read' | 'range' | 'create'>;
  makeId: () => string;
  /** A replay may begin. */
  wake: () => void;
}

export interface BulkReplayRequest extends ReplayFilter, Write, Pick<NewReplay, 'mode' | 'rate'> {}

export interface BulkReplay {
  /**
   * Stores the replay; some API process works on it soon. Resolves to its id.
   * @throws Problem `conflict` (there is no such event), `store_unavailable`
   */
  start(request: BulkReplayRequest): Promise<string>;
  /** What it would do. */
  estimate(request: BulkReplayRequest): Promise<ReplayEstimate>;
}

/** Replays of the events of a time: those accepted before it was asked for. */
export function createBulkReplay(deps: BulkReplayDeps): BulkReplay {
  async function placed(request: BulkReplayRequest): Promise<NewReplay> {
    const { events, after, until } = await deps.replays.range(request);
    return { ...request, id: deps.makeId(), events_total: events, after, until };
  }

  return {
    async start(request) {
      const replay = await placed(request);
      if (replay.events_total === 0) {
        throw new Problem('conflict', 'No event was accepted from that source in that time. Widen from and to.');
      }
      const id = await deps.replays.create(replay);
      deps.wake();
      return id;
    },
    estimate: async (request) => estimateReplay(deps, await placed(request)),
  };
}
