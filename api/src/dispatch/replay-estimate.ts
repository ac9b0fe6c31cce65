import type { NewReplay, Replays } from '../store/replays.ts';
import { type PlanEventDeps, planEvent } from './replay-event.ts';

export interface ReplayEstimateDeps extends PlanEventDeps {
  replays: Pick<Replays, 'page'>;
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

/** Beyond this many events, the numbers are an estimate. */
const EXAMINED_AT_MOST = 1_000;
const PAGE = 250;
/** Events that are read at once. */
const GROUP = 8;
const SAMPLE_LENGTH = 10;

export async function estimateReplay(deps: ReplayEstimateDeps, replay: NewReplay): Promise<ReplayEstimate> {
  const counted = { events: 0, deliveries: 0, failed: 0 };
  const sample: ReplayEstimate['sample'] = [];
  let position = replay.after;
  let done = false;
  while (!done && counted.events < EXAMINED_AT_MOST) {
    const page = await deps.replays.page(replay, { after: position, until: replay.until, limit: PAGE });
    for (let first = 0; first < page.events.length; first += GROUP) {
      const plans = await Promise.all(
        page.events.slice(first, first + GROUP).map((past) => planEvent(deps, replay, past)),
      );
      for (const { event, planned, failed } of plans) {
        counted.deliveries += planned.length;
        counted.failed += failed;
        if (!event) continue;
        sample.push(
          ...planned.map(({ delivery: { mapping, destination } }) => ({ event: event.id, mapping, destination })),
        );
        sample.length = Math.min(sample.length, SAMPLE_LENGTH);
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
