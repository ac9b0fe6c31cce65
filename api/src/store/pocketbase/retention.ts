import type { Retain, RetainAnswer } from '../retention.ts';
import { type CallDeps, callRoute } from './call.ts';

/** Well below the time that a call may take. */
const BUDGET_MS = 500;

/** Retention over the PocketBase service's own route, which deletes in small transactions. */
export function createRetain(deps: CallDeps): Retain {
  return ({ days, auditDays }, after) =>
    callRoute<RetainAnswer & { config_version: number }>(deps, 'retain', {
      days,
      audit_days: auditDays,
      budget_ms: BUDGET_MS,
      after,
    });
}
