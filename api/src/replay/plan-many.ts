import type { Decision, EventContent } from '../model/event.ts';
import { Problem } from '../model/problems.ts';
import type { LeasedReplay, PastContent, PastEvent, ReadPast, Replays, WantedEvent } from '../store/replays.ts';
import type { Planned } from '../store/submission.ts';
import type { ReplayPlanner } from './plan.ts';
import {
  matchesSelection,
  mayMatchSelection,
  replayedId,
  type Selection,
  type Subject,
  shouldReplay,
} from './select.ts';

export interface PlanManyDeps {
  replays: Pick<Replays, 'read'>;
  planner: ReplayPlanner;
}

/** What a replay makes of one event. */
export interface EventPlan {
  past: PastEvent;
  /** Undefined: nothing is to be sent, so it was not read. */
  event?: EventContent;
  planned: Planned[];
  /** With `current`, about each mapping of an event that was read. */
  decisions?: Decision[];
  /** Mappings that could not be applied, or 1 for an event that can't be replayed. */
  failed: number;
}

export type PlannedReplay = Selection & Pick<LeasedReplay, 'id' | 'mode' | 'account'>;

const READ_AT_ONCE = 100;
/** Bytes of bodies; the next of them are read while these are planned and stored. */
const READ_LENGTH = 4 * 1024 * 1024;

/**
 * Plans the events of a page in their order, reading only those of which something is to be sent. An event that is gone
 * meanwhile, has too much to send at once, or leads to what can't be read counts as failed.
 */
export async function* planMany(
  { replays, planner }: PlanManyDeps,
  replay: PlannedReplay,
  page: PastEvent[],
): AsyncGenerator<EventPlan> {
  const { account, mode } = replay;
  const choices = page.map((past) => ({ past, wanted: choose(past) }));
  const wanted = choices.flatMap((choice) => (typeof choice.wanted === 'object' ? [choice.wanted] : []));
  const contents = readAhead(replays.read, { account, mode, max_length: READ_LENGTH }, wanted);
  for (const { past, wanted } of choices) {
    if (typeof wanted === 'object') yield planOne(past, (await contents.next()).value);
    else yield { past, planned: [], failed: wanted === 'failed' ? 1 : 0 };
  }

  function choose(past: PastEvent): WantedEvent | 'nothing' | 'failed' {
    if (mode === 'current') return mayMatchSelection(replay, past) ? { id: past.id, deliveries: [] } : 'nothing';
    try {
      const originals = planner.originalsOf(past.deliveries.filter((delivery) => shouldReplay(replay, past, delivery)));
      return originals.length > 0 ? { id: past.id, deliveries: originals.map(({ id }) => id) } : 'nothing';
    } catch (fault) {
      if (isUnplannable(fault)) return 'failed';
      throw fault;
    }
  }

  async function planOne(past: PastEvent, content: PastContent): Promise<EventPlan> {
    if (content.status !== 'read') return { past, planned: [], failed: 1 };
    const { event, deliveries } = content;
    const idOf = (subject: Subject, nth = 0) => replayedId(replay.id, past.id, subject, nth);
    if (mode === 'original') return { past, event, planned: planner.planOriginal(deliveries, idOf), failed: 0 };
    try {
      const { planned, decisions } = await planner.planCurrent(event);
      const failed = decisions.filter(
        ({ outcome, destination }) => outcome === 'error' && matchesSelection(replay, past, destination),
      );
      const chosen = planned.filter(({ delivery }) => shouldReplay(replay, past, delivery));
      return { past, event, planned: withReplayIds(chosen, idOf), decisions, failed: failed.length };
    } catch (fault) {
      if (isUnplannable(fault)) return { past, planned: [], failed: 1 };
      throw fault;
    }
  }
}

/** Deliveries of an event that this very replay has made before. */
export function alreadyMade(replay: Pick<PlannedReplay, 'id'>, { id: event, deliveries }: PastEvent): number {
  return deliveries.filter((delivery) => delivery.id === replayedId(replay.id, event, delivery)).length;
}

function withReplayIds(planned: Planned[], idOf: (subject: Subject, nth: number) => string): Planned[] {
  const seen = new Map<string, number>();
  return planned.map(({ delivery, destination }) => {
    const nth = seen.get(delivery.mapping) ?? 0;
    seen.set(delivery.mapping, nth + 1);
    return { destination, delivery: { ...delivery, id: idOf(delivery, nth) } };
  });
}

/** A `conflict` concerns one event only; the replay goes on with the others. */
function isUnplannable(fault: unknown): boolean {
  return fault instanceof Problem && fault.code === 'conflict';
}

/** One content for each event, in order. */
async function* readAhead(
  read: Replays['read'],
  request: Omit<ReadPast, 'events'>,
  wanted: WantedEvent[],
): AsyncGenerator<PastContent, never> {
  const readFrom = (first: number): Promise<PastContent[]> => {
    const events = wanted.slice(first, first + READ_AT_ONCE);
    const reading = events.length > 0 ? read({ ...request, events }) : Promise.resolve([]);
    // The caller may stop before it awaits this: a failure must not become an unhandled rejection.
    reading.catch(() => undefined);
    return reading;
  };
  let ahead = readFrom(0);
  for (let done = 0; done < wanted.length; ) {
    const contents = await ahead;
    if (contents.length === 0) break;
    done += contents.length;
    ahead = readFrom(done);
    yield* contents;
  }
  throw new Error('the store left out events that were asked for');
}
