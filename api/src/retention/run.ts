import { RETAINED_KINDS, type Retain, type Retained, type RetentionPeriods } from '../store/retention.ts';

export interface RetentionRun {
  deleted: Retained;
  calls: number;
  longest_hold_ms: number;
}

/** Deletes everything that is older, call by call, until nothing is left or `signal` aborts. */
export async function runRetention(
  retain: Retain,
  periods: RetentionPeriods,
  signal: AbortSignal,
): Promise<RetentionRun> {
  const deleted = Object.fromEntries(RETAINED_KINDS.map((kind) => [kind, 0])) as Retained;
  const run: RetentionRun = { deleted, calls: 0, longest_hold_ms: 0 };
  let after: string | undefined = '';
  while (after !== undefined && !signal.aborted) {
    const answer = await retain(periods, after);
    run.calls += 1;
    run.longest_hold_ms = Math.max(run.longest_hold_ms, answer.longest_hold_ms);
    for (const kind of RETAINED_KINDS) deleted[kind] += answer.deleted[kind];
    after = answer.more ? answer.after : undefined;
  }
  return run;
}
