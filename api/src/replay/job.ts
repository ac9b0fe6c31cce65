import type { Submit } from '../dispatch/submit.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { LeasedReplay, ReplayCounts, Replays } from '../store/replays.ts';
import { alreadyMade, type EventPlan, type PlanManyDeps, planMany } from './plan-many.ts';

export interface ReplayJobDeps extends PlanManyDeps {
  replays: Pick<Replays, 'page' | 'read' | 'save'>;
  submit: Submit;
  logger: Logger;
  metrics: Pick<Metrics, 'replayDeliveries'>;
  /** Milliseconds of a clock that never jumps. */
  elapsed: () => number;
  /** Resolves early, never rejects, when the signal aborts. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A process that was killed keeps others off a replay for this long. */
export const REPLAY_LEASE_MS = 15_000;
/** How often progress is saved at least, which is also how soon a cancel is noticed. */
const SAVE_EVERY_MS = 1_000;
/** Of the time that work took longer than the rate asks for, as much is made up for. */
const CATCH_UP_MS = 1_000;
const PAGE = { least: 10, most: 500, seconds: 10 };
/** One commit. Small ones at a low rate: what is sent comes evenly. */
const BATCH = { deliveries: 100, seconds: 0.1, events: 100, characters: 4 * 1024 * 1024 };

/**
 * Works on one replay from where it stands until it is completed, cancelled, taken over, or `signal` aborts.
 * @throws Problem `store_unavailable`, `overloaded`: the lease runs out, and whoever claims it goes on
 */
export async function workOn(deps: ReplayJobDeps, replay: LeasedReplay, signal: AbortSignal): Promise<void> {
  const { id: job, mode, actor, rate, until } = replay;
  const counts: ReplayCounts = {
    events_seen: replay.events_seen,
    deliveries: replay.deliveries,
    failed: replay.failed,
  };
  const pageSize = Math.min(PAGE.most, Math.max(PAGE.least, rate * PAGE.seconds));
  const batchSize = Math.min(BATCH.deliveries, Math.ceil(rate * BATCH.seconds));
  let position = replay.after;
  let savedAt = deps.elapsed();
  let dueAt = savedAt;

  for (;;) {
    const startedAt = deps.elapsed();
    const page = await deps.replays.page(replay, { after: position, until, limit: pageSize });
    for await (const batch of inBatches(planMany(deps, replay, page.events), batchSize)) {
      const made = await submitBatch(batch);
      position = batch.at(-1)?.past.seq ?? position;
      if (!(await pace(made))) return;
    }
    position = page.position;
    deps.logger.info('replay page', {
      replay: job,
      position,
      ...counts,
      events_total: replay.events_total,
      duration_ms: Math.round(deps.elapsed() - startedAt),
    });
    if (!(await save(page.done)) || page.done) return;
  }

  /** In the order of acceptance. */
  async function submitBatch(batch: EventPlan[]): Promise<number> {
    const results = await Promise.all(
      batch.map(({ event, planned }) =>
        event && planned.length > 0 ? deps.submit({ event, planned, replay: { mode, actor, job } }) : undefined,
      ),
    );
    let made = 0;
    for (const [index, { past, planned, failed }] of batch.entries()) {
      const stored = results[index]?.status === 'accepted' ? planned.length : 0;
      made += stored;
      counts.deliveries += stored + alreadyMade(replay, past);
      counts.failed += failed + planned.length - stored;
    }
    counts.events_seen += batch.length;
    deps.metrics.replayDeliveries.inc({ mode }, made);
    return made;
  }

  /** Waits as long as the rate asks for, and keeps the lease meanwhile; false: stop working. */
  async function pace(made: number): Promise<boolean> {
    dueAt = Math.max(dueAt, deps.elapsed() - CATCH_UP_MS) + (made * 1_000) / rate;
    while (!signal.aborted && deps.elapsed() < dueAt) {
      await deps.sleep(Math.min(SAVE_EVERY_MS, dueAt - deps.elapsed()), signal);
      if (!(await saveWhenDue())) return false;
    }
    return signal.aborted ? !(await giveBack()) : saveWhenDue();
  }

  async function saveWhenDue(): Promise<boolean> {
    return deps.elapsed() - savedAt < SAVE_EVERY_MS || save(false);
  }

  async function save(completed: boolean): Promise<boolean> {
    savedAt = deps.elapsed();
    return (await deps.replays.save({ ...progress(), lease_ms: REPLAY_LEASE_MS, completed })) === 'saved';
  }

  async function giveBack(): Promise<true> {
    await deps.replays.save({ ...progress(), lease_ms: 0, completed: false });
    return true;
  }

  function progress() {
    return { id: job, lease_token: replay.lease_token, position, ...counts };
  }
}

/** As many events as have so many deliveries together, unless their bodies are too much. */
async function* inBatches(plans: AsyncIterable<EventPlan>, deliveriesAtMost: number): AsyncGenerator<EventPlan[]> {
  let batch: EventPlan[] = [];
  let deliveries = 0;
  let characters = 0;
  for await (const plan of plans) {
    const length = lengthOf(plan);
    if (batch.length > 0 && characters + length > BATCH.characters) {
      yield batch;
      [batch, deliveries, characters] = [[], 0, 0];
    }
    batch.push(plan);
    deliveries += plan.planned.length;
    characters += length;
    if (deliveries >= deliveriesAtMost || batch.length >= BATCH.events) {
      yield batch;
      [batch, deliveries, characters] = [[], 0, 0];
    }
  }
  if (batch.length > 0) yield batch;
}

function lengthOf({ event, planned }: EventPlan): number {
  const own = event?.body.length ?? 0;
  return planned.reduce((sum, { delivery }) => sum + delivery.request_body.length, own);
}
