import type { Schemas, WithDefaults } from '../../client/schemas.ts';
import { fieldProblem, Problem } from '../model/problems.ts';
import { isTheirs } from '../store/account-scope.ts';
import type { AccountScope } from '../store/records.ts';
import type { ReplayFilter, Replays } from '../store/replays.ts';
import type { Write } from '../store/write.ts';
import { type EstimatedReplay, estimateReplay, type ReplayEstimate, type ReplayEstimateDeps } from './estimate.ts';

export interface BulkReplayDeps extends ReplayEstimateDeps {
  replays: Pick<Replays, 'page' | 'read' | 'range' | 'create'>;
  makeId: () => string;
  /** A replay may begin. */
  wake: () => void;
}

export type BulkReplayRequest = WithDefaults<Schemas['NewReplayJob'], 'only_missing' | 'rate'>;

export interface BulkReplay {
  /**
   * Stores the replay; some API process works on it soon. Resolves to its id.
   * @throws Problem `validation_failed`, `conflict` (there is no such event), `store_unavailable`
   */
  start(request: BulkReplayRequest, scope: AccountScope, write: Write): Promise<string>;
  /**
   * What it would do.
   * @throws Problem `validation_failed`, `store_unavailable`
   */
  estimate(request: BulkReplayRequest, scope: AccountScope): Promise<ReplayEstimate>;
  /** A replay that was paused may go on. */
  wake(): void;
}

const DAY_MS = 24 * 60 * 60_000;
const DAYS_AT_MOST = 31;

/** Replays of the events of a time: those accepted before it was asked for. */
export function createBulkReplay(deps: BulkReplayDeps): BulkReplay {
  async function place(request: BulkReplayRequest, scope: AccountScope): Promise<EstimatedReplay> {
    const { from, to, source = '', destination = '', status = '', only_missing, mode, rate } = request;
    refuseTimes(Date.parse(from), Date.parse(to));
    if (destination !== '') refuseForeignDestination(destination, scope);
    const filter: ReplayFilter = { account: scope ?? '', source, destination, status, from, to, only_missing };
    const { events, after, until } = await deps.replays.range(filter);
    return { ...filter, mode, rate, id: deps.makeId(), events_total: events, after, until };
  }

  function refuseForeignDestination(id: string, scope: AccountScope): void {
    const destination = deps.configuration.current.destination(id);
    if (isTheirs(destination, scope)) return;
    throw fieldProblem('/destination', 'is no destination, or it belongs to another account');
  }

  return {
    async start(request, scope, write) {
      const replay = await place(request, scope);
      if (replay.events_total === 0) {
        throw new Problem(
          'conflict',
          `No event was accepted${request.source && ' from that source'} in that time. Widen \`from\` and \`to\`.`,
        );
      }
      const id = await deps.replays.create({ ...replay, ...write });
      deps.wake();
      return id;
    },
    wake: deps.wake,
    estimate: async (request, scope) => estimateReplay(deps, await place(request, scope)),
  };
}

function refuseTimes(from: number, to: number): void {
  if (to <= from) throw fieldProblem('/to', 'must be later than from');
  if (to - from > DAYS_AT_MOST * DAY_MS) {
    throw fieldProblem('/to', `must be at most ${DAYS_AT_MOST} days after from; make several replays of a longer time`);
  }
}
