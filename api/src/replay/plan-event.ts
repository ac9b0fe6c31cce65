import type { StoredEvent } from '../model/event.ts';
import { Problem, type ProblemCode } from '../model/problems.ts';
import type { AccountScope, History } from '../store/records.ts';
import type { LeasedReplay, PastDelivery, PastEvent } from '../store/replays.ts';
import type { ReplayPlan, ReplayPlanner } from './plan.ts';
import { isWanted, mayBeWanted, replayedId, type Selection } from './select.ts';

export interface PlanEventDeps {
  history: Pick<History, 'getEvent'>;
  planner: ReplayPlanner;
}

/** What a replay makes of one event. */
export interface EventPlan {
  /** Undefined: nothing is to be sent, so it was not read. */
  event: StoredEvent | undefined;
  planned: ReplayPlan['planned'];
  /** Deliveries that this very replay has made already. */
  made: number;
  /** Mappings that could not be applied. */
  failed: number;
}

const NOTHING: EventPlan = { event: undefined, planned: [], made: 0, failed: 0 };

const UNPLANNABLE = new Set<ProblemCode>(['not_found', 'conflict']);

type Asked = Selection & Pick<LeasedReplay, 'id'>;

function isToMake(replay: Asked, past: PastEvent, { mapping, destination }: { mapping: string; destination: string }) {
  const id = replayedId(replay.id, past.id, mapping);
  return past.deliveries.every((delivery) => delivery.id !== id) && isWanted(replay, past, destination);
}

/** The first deliveries of an event that a replay with their bytes is to make again. */
export function originalsOf(replay: Asked, past: PastEvent): PastDelivery[] {
  return past.deliveries.filter((delivery) => delivery.replay === '' && isToMake(replay, past, delivery));
}

/** Plans one event of a replay. An event that is gone meanwhile, or too large, counts as failed. */
export async function planEvent(
  deps: PlanEventDeps,
  replay: Asked & Pick<LeasedReplay, 'mode' | 'account'>,
  past: PastEvent,
): Promise<EventPlan> {
  const scope = replay.account || undefined;
  const idOf = (mapping: string) => replayedId(replay.id, past.id, mapping);
  const made = past.deliveries.filter(({ id, mapping }) => id === idOf(mapping)).length;
  try {
    const plan = await (replay.mode === 'current' ? planCurrent(scope) : planOriginal(scope));
    return plan ? { ...plan, made } : { ...NOTHING, made };
  } catch (fault) {
    if (fault instanceof Problem && UNPLANNABLE.has(fault.code)) return { ...NOTHING, made, failed: 1 };
    throw fault;
  }

  async function planCurrent(scope: AccountScope): Promise<EventPlan | undefined> {
    if (!mayBeWanted(replay, past)) return undefined;
    const event = await deps.history.getEvent(past.id, scope);
    const { planned, decisions } = await deps.planner.current(event);
    const failed = decisions.filter(
      ({ outcome, destination }) => outcome === 'error' && isWanted(replay, past, destination),
    ).length;
    return {
      event,
      planned: named(planned.filter(({ delivery }) => isToMake(replay, past, delivery))),
      made: 0,
      failed,
    };
  }

  async function planOriginal(scope: AccountScope): Promise<EventPlan | undefined> {
    const wanted = originalsOf(replay, past);
    if (wanted.length === 0) return undefined;
    const [event, { planned }] = await Promise.all([
      deps.history.getEvent(past.id, scope),
      deps.planner.original(wanted, scope),
    ]);
    return { event, planned: named(planned), made: 0, failed: 0 };
  }

  function named(planned: ReplayPlan['planned']): ReplayPlan['planned'] {
    return planned.map(({ delivery, destination }) => ({
      destination,
      delivery: { ...delivery, id: idOf(delivery.mapping) },
    }));
  }
}
