import type { Submit } from '../dispatch/submit.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { LeasedReplay, PastEvent, ReplayCounts, Replays } from '../store/replays.ts';
import { type PlanEventDeps, planEvent } from './plan-event.ts';

export interface ReplayWorkDeps extends PlanEventDeps {
  replays: Pick<Replays, 'page' | 'save'>;
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
const GROUP_AT_MOST = 8;
const PAGE = { least: 10, most: 500, seconds: 10 };

/**
 * Works on one replay from where it stands until it is completed, cancelled, taken over, or `signal` aborts.
 * @throws Problem `store_unavailable`, `overloaded`: the lease runs out, and whoever claims it goes on
 */
export async function workOn(deps: ReplayWorkDeps, replay: LeasedReplay, signal: AbortSignal): Promise<void> {
  const counts: ReplayCounts = {
    events_seen: replay.events_seen,
    deliveries: replay.deliveries,
    failed: replay.failed,
  };
  const pageSize = Math.min(PAGE.most, Math.max(PAGE.least, replay.rate * PAGE.seconds));
  // Small groups at a low rate: what is sent comes evenly.
  const groupSize = Math.min(GROUP_AT_MOST, Math.ceil(replay.rate / 10));
  let position = replay.after;
  let savedAt = deps.elapsed();
  let dueAt = savedAt;

  for (;;) {
    const startedAt = deps.elapsed();
    const page = await deps.replays.page(replay, { after: position, until: replay.until, limit: pageSize });
    for (let first = 0; first < page.events.length; first += groupSize) {
      const group = page.events.slice(first, first + groupSize);
      const made = await replayGroup(group);
      position = group.at(-1)?.seq ?? position;
      if (!(await pace(made))) return;
    }
    position = page.position;
    deps.logger.info('replay page', {
      replay: replay.id,
      position,
      ...counts,
      events_total: replay.events_total,
      duration_ms: Math.round(deps.elapsed() - startedAt),
    });
    if (!(await save(page.done)) || page.done) return;
  }

  /** Read side by side, submitted in the order of acceptance. */
  async function replayGroup(group: PastEvent[]): Promise<number> {
    const plans = await Promise.all(group.map((past) => planEvent(deps, replay, past)));
    const { id: job, mode, actor } = replay;
    const results = await Promise.all(
      plans.map(({ event, planned }) =>
        event && planned.length > 0 ? deps.submit({ event, planned, replay: { mode, actor, job } }) : undefined,
      ),
    );
    let made = 0;
    for (const [index, plan] of plans.entries()) {
      const stored = results[index]?.status === 'accepted' ? plan.planned.length : 0;
      made += stored;
      counts.deliveries += stored + plan.made;
      counts.failed += plan.failed + plan.planned.length - stored;
    }
    counts.events_seen += group.length;
    deps.metrics.replayDeliveries.inc({ mode }, made);
    return made;
  }

  /** Waits as long as the rate asks for, and keeps the lease meanwhile; false: stop working. */
  async function pace(made: number): Promise<boolean> {
    dueAt = Math.max(dueAt, deps.elapsed()) + (made * 1_000) / replay.rate;
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
    return { id: replay.id, lease_token: replay.lease_token, position, ...counts };
  }
}
