import type { ConfigurationCache } from '../store/configuration.ts';
import type { NewReplay, PastEvent, Replays } from '../store/replays.ts';
import type { Write } from '../store/write.ts';
import { type PlanManyDeps, planMany } from './plan-many.ts';
import { shouldReplay } from './select.ts';
import { type CountedSkip, createSkipCounter, type Skip, skipsOfCurrent, skipsOfOriginal } from './skipped.ts';

export interface ReplayEstimateDeps extends PlanManyDeps {
  replays: Pick<Replays, 'page' | 'read'>;
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
  /** Why nothing would be made of events, or of mappings of them; the most frequent first. */
  skipped: CountedSkip[];
}

export type EstimatedReplay = Omit<NewReplay, keyof Write>;

/** Beyond so many events, the numbers are an estimate: the rules of now have to read each event, the bytes of then none. */
const EXAMINED_AT_MOST = { original: 20_000, current: 1_000 };
const PAGE = 500;
const SAMPLE_LENGTH = 10;

export async function estimateReplay(deps: ReplayEstimateDeps, replay: EstimatedReplay): Promise<ReplayEstimate> {
  const counted = { events: 0, deliveries: 0, failed: 0 };
  const sample: ReplayEstimate['sample'] = [];
  const skipped = createSkipCounter();
  let position = replay.after;
  let done = false;
  while (!done && counted.events < EXAMINED_AT_MOST[replay.mode]) {
    const page = await deps.replays.page(replay, { after: position, until: replay.until, limit: PAGE });
    for await (const { deliveries, failed, skips } of estimates(deps, replay, page.events)) {
      counted.deliveries += deliveries.length;
      counted.failed += failed;
      skipped.add(skips);
      sample.push(...deliveries.slice(0, SAMPLE_LENGTH - sample.length));
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
    skipped: skipped.shown(scale),
  };
}

/** All that would be made of each event; with the bytes of then, nothing has to be read to know it. */
async function* estimates(
  deps: ReplayEstimateDeps,
  replay: EstimatedReplay,
  page: PastEvent[],
): AsyncGenerator<{ deliveries: ReplayEstimate['sample']; failed: number; skips: Skip[] }> {
  const isThere = (destination: string) => deps.configuration.current.destination(destination) !== undefined;
  if (replay.mode === 'original') {
    for (const past of page) {
      yield { deliveries: originals(past), failed: 0, skips: skipsOfOriginal(replay, past, isThere) };
    }
    return;
  }
  for await (const plan of planMany(deps, replay, page)) {
    const { past, planned, failed } = plan;
    const deliveries = planned.map(({ delivery: { mapping, destination } }) => ({
      event: past.id,
      mapping,
      destination,
    }));
    yield { deliveries, failed, skips: skipsOfCurrent(replay, plan) };
  }

  function originals(past: PastEvent): ReplayEstimate['sample'] {
    return past.deliveries
      .filter(({ destination, ...delivery }) => delivery.replay === '' && isThere(destination))
      .filter((delivery) => shouldReplay(replay, past, delivery))
      .map(({ mapping, destination }) => ({ event: past.id, mapping, destination }));
  }
}
