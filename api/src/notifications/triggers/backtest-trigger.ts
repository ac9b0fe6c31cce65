import { setImmediate } from 'node:timers/promises';
import { BLANK_TRIGGER } from '../../model/blank.ts';
import type { Clock } from '../../model/ids.ts';
import type { Trigger } from '../../model/notifications.ts';
import { fieldProblem, Problem } from '../../model/problems.ts';
import type { Counting } from '../../store/counting.ts';
import type { AccountScope } from '../../store/records.ts';
import type { NotificationsView } from '../sites/view.ts';
import { backtest, suggestThreshold } from './backtest.ts';
import { SLOT_MS } from './baseline.ts';
import { makeRule } from './rule.ts';

export interface TriggerBacktestRequest {
  /** One that there is; its fields are those of the draft, where there are any. */
  trigger?: string | undefined;
  draft?: Partial<Trigger> | undefined;
  days: number;
}

export interface TriggerBacktestResult {
  from: string;
  to: string;
  /** Share of the time that could be judged, from 0 to 1. */
  judged: number;
  count: number;
  firings: { type: string; at: string; value: number; threshold: number }[];
  /** Would have told about once a week at most; null: nothing was counted to go by. */
  suggested_threshold: number | null;
}

export interface BacktestTriggerDeps {
  notifications: { readonly current: NotificationsView };
  counting: Pick<Counting, 'readValues'>;
  now: Clock;
}

/** @throws Problem `not_found`, `validation_failed` (a goal's trigger), `store_unavailable` */
export type BacktestTrigger = (request: TriggerBacktestRequest, scope: AccountScope) => Promise<TriggerBacktestResult>;

const DAY = 86_400_000;
/** What is kept, and so what a usual value can be reckoned from. */
const KEPT_DAYS = 36;
const SHOWN_AT_MOST = 500;

/** "This threshold would have fired 7 times in the last 30 days": by what was counted, and the functions that decide now. */
export function createBacktestTrigger({ notifications, counting, now }: BacktestTriggerDeps): BacktestTrigger {
  return async ({ trigger: id, draft = {}, days }, scope) => {
    const view = notifications.current;
    const stored = id === undefined ? undefined : view.trigger(id);
    if (id !== undefined && !isIn(scope, stored)) throw new Problem('not_found', `There is no trigger ${id}.`);
    const siteId = draft.site ?? stored?.site;
    const site = siteId === undefined ? undefined : view.site(siteId);
    if (!site || !isIn(scope, site)) throw fieldProblem('/draft/site', 'is needed: the id of a site of the account.');
    const type = draft.type ?? stored?.type ?? 'visitor_spike';
    if (type === 'goal_completion') throw fieldProblem('/draft/type', 'must be visitor_spike or visitor_drop.');
    const rule = makeRule({ ...BLANK_TRIGGER, ...stored, ...draft, site: site.id, type }, site, undefined);
    const { threshold, relative_threshold } = rule.trigger;
    if (threshold === 0 && relative_threshold === 0)
      throw fieldProblem('/draft/threshold', 'is needed, or relative_threshold.');

    const to = now();
    const from = to - days * DAY;
    const [fromSlot, toSlot] = [Math.floor(to / SLOT_MS) - (KEPT_DAYS * DAY) / SLOT_MS, Math.floor(to / SLOT_MS) + 1];
    const window_s = rule.windowMs / 1_000;
    const [values, short] = await Promise.all([
      counting.readValues({ site: site.id, window_s }, fromSlot, toSlot),
      counting.readValues({ site: site.id, window_s: 300 }, fromSlot, toSlot),
    ]);
    const history = { fromSlot, values, short };
    const { firings, judged, asked } = backtest(rule, history, from);
    await setImmediate();
    return {
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      judged: asked === 0 ? 0 : Math.round((judged / asked) * 100) / 100,
      count: firings.length,
      firings: firings.slice(0, SHOWN_AT_MOST).map(({ at, value, threshold: reached, ...one }) => ({
        ...one,
        value: Math.round(value),
        at: new Date(at).toISOString(),
        threshold: Math.round(reached * 10) / 10,
      })),
      suggested_threshold: suggestThreshold(rule, history, from) ?? null,
    };
  };
}

function isIn(scope: AccountScope, record: { account: string } | undefined): boolean {
  return record !== undefined && (scope === undefined || record.account === scope);
}
