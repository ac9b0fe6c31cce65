import { Cron } from 'croner';
import type { Clock } from '../model/ids.ts';
import { faultFields, type Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import { RETAINED_KINDS, type Retain, type RetentionPeriods } from '../store/retention.ts';
import { runRetention } from './run.ts';

export interface RetentionDeps {
  periods: RetentionPeriods;
  retain: Retain;
  now: Clock;
  /** Resolves after that time, or when the signal aborts. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  logger: Logger;
  metrics: Pick<Metrics, 'retentionRuns' | 'retentionDeleted' | 'retentionLastSuccess'>;
}

/** Every night, UTC; an hour at which few producers are busy. */
const DAILY = '17 3 * * *';
const AGAIN_MS = 10 * 60_000;

/**
 * Runs retention at once, which catches up what was missed while no process ran, and then daily, until `signal` aborts.
 * A run that fails is tried again after 10 minutes. Several processes may do this: what one deleted, others don't find.
 */
export async function scheduleRetention(deps: RetentionDeps, signal: AbortSignal): Promise<void> {
  const { periods, now, sleep } = deps;
  if (periods.days === 0 && periods.auditDays === 0) return;
  const daily = new Cron(DAILY, { timezone: 'UTC', paused: true });
  while (!signal.aborted) {
    const done = await observedRun(deps, signal);
    const next = daily.nextRun(new Date(now()))?.getTime() ?? now() + AGAIN_MS;
    await sleep(done ? next - now() : AGAIN_MS, signal);
  }
}

/** False: it failed, which must not end the schedule. */
async function observedRun(deps: RetentionDeps, signal: AbortSignal): Promise<boolean> {
  const { periods, retain, now, logger, metrics } = deps;
  const began = now();
  try {
    const { deleted, calls, longest_hold_ms } = await runRetention(retain, periods, signal);
    for (const kind of RETAINED_KINDS) metrics.retentionDeleted.inc({ kind }, deleted[kind]);
    metrics.retentionRuns.inc({ result: 'done' });
    metrics.retentionLastSuccess.set(now() / 1000);
    logger.info('retention', { ...deleted, calls, longest_hold_ms, duration_ms: now() - began });
    return true;
  } catch (fault) {
    metrics.retentionRuns.inc({ result: 'failed' });
    logger.warn('retention failed', { ...faultFields(fault), again_in_ms: AGAIN_MS, duration_ms: now() - began });
    return false;
  }
}
