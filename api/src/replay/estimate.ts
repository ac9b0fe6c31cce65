import type { ConfigurationCache } from '../store/configuration.ts';
import type { NewReplay, PastEvent, Replays } from '../store/replays.ts';
import { originalsOf, type PlanEventDeps, planEvent } from './plan-event.ts';

export interface ReplayEstimateDeps extends PlanEventDeps {
  replays: Pick<Replays, 'page'>;
  configuration: Pick<ConfigurationCache, 'current'>;
}

/** What a replay would do; nothing is created. */
export interface ReplayEstimate {
  /** Events of the time and source. */
  events: number;
  deliveries: number;
  failed: number;
  /** False: counted in the first events only, and scaled up to all. */
  exact: boolean;
  /** The first deliveries that would be made. */
  sample: { event: string; mapping: string; destination: string }[];
}

/** Beyond so many events, the numbers are an estimate: the rules of now have to read each event, the bytes of then none. */
const EXAMINED_AT_MOST = { original: 20_000, current: 1_000 };
const PAGE = 500;
/** Events that are read at once. */
const GROUP = 8;
const SAMPLE_LENGTH = 10;

type Made = Pick<ReplayEstimate, 'sample' | 'failed'>;

export async function estimateReplay(deps: ReplayEstimateDeps, replay: NewReplay): Promise<ReplayEstimate> {
  const counted = { events: 0, deliveries: 0, failed: 0 };
  const sample: ReplayEstimate['sample'] = [];
  let position = replay.after;
  let done = false;
  while (!done && counted.events < EXAMINED_AT_MOST[replay.mode]) {
    const page = await deps.replays.page(replay, { after: position, until: replay.until, limit: PAGE });
    for (let first = 0; first < page.events.length; first += GROUP) {
      const group = page.events.slice(first, first + GROUP);
      for (const made of await Promise.all(group.map((past) => madeOf(deps, replay, past)))) {
        counted.deliveries += made.sample.length;
        counted.failed += made.failed;
        sample.push(...made.sample.slice(0, SAMPLE_LENGTH - sample.length));
      }
    }
    counted.events += page.events.length;
    ({ position, done } = page);
  }
  const events = done ? counted.events : Math.max(counted.events, replay.events_total);
  const scale = done ? 1 : events / counted.events;
  return {
    events,
    deliveries: Math.round(counted.deliveries * scale),
    failed: Math.round(counted.failed * scale),
    exact: done,
    sample,
  };
}

/** All that would be made of one event. */
async function madeOf(deps: ReplayEstimateDeps, replay: NewReplay, past: PastEvent): Promise<Made> {
  const event = past.id;
  if (replay.mode === 'original') {
    const wanted = originalsOf(replay, past).filter(({ destination }) =>
      deps.configuration.current.destination(destination),
    );
    return { failed: 0, sample: wanted.map(({ mapping, destination }) => ({ event, mapping, destination })) };
  }
  const { planned, failed } = await planEvent(deps, replay, past);
  return {
    failed,
    sample: planned.map(({ delivery: { mapping, destination } }) => ({ event, mapping, destination })),
  };
}
