import { setImmediate } from 'node:timers/promises';
import { BLANK_TRIGGER } from '../../model/blank.ts';
import type { Clock } from '../../model/ids.ts';
import type { Goal, Trigger } from '../../model/notifications.ts';
import { fieldProblem, Problem } from '../../model/problems.ts';
import { isTheirs } from '../../store/account-scope.ts';
import type { Counting } from '../../store/counting.ts';
import type { AccountScope } from '../../store/records.ts';
import type { NotificationsView } from '../sites/view.ts';
import { type BacktestOutcome, backtest, suggestThreshold } from './backtest.ts';
import { backtestGoal, suggestNth } from './backtest-goal.ts';
import { SLOT_MS } from './baseline.ts';
import { makeRule, type Rule } from './rule.ts';

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
  /** Would have told about once a week at most; of a goal the `nth` of `every_nth`. Null: nothing was counted to go by. */
  suggested_threshold: number | null;
}

export interface BacktestTriggerDeps {
  notifications: { readonly current: NotificationsView };
  counting: Pick<Counting, 'readValues'>;
  now: Clock;
}

/** @throws Problem `not_found`, `validation_failed`, `store_unavailable` */
export type BacktestTrigger = (request: TriggerBacktestRequest, scope: AccountScope) => Promise<TriggerBacktestResult>;

const DAY = 86_400_000;
/** What is kept, and so what a usual value can be reckoned from. */
const KEPT_DAYS = 36;
const SHOWN_AT_MOST = 500;

/** "This threshold would have fired 7 times in the last 30 days": by what was counted, and the functions that decide now. */
export function createBacktestTrigger({ notifications, counting, now }: BacktestTriggerDeps): BacktestTrigger {
  return async (request, scope) => {
    const rule = ruleToTry(notifications.current, request, scope);
    const to = now();
    const period = { from: to - request.days * DAY, to };
    return rule.goal ? tryGoal(rule, rule.goal.id, period) : tryLevel(rule, period);
  };

  async function tryLevel(rule: Rule, { from, to }: Period): Promise<TriggerBacktestResult> {
    const site = rule.site.id;
    const [fromSlot, toSlot] = [slotOf(to) - (KEPT_DAYS * DAY) / SLOT_MS, slotOf(to) + 1];
    const [values, short] = await Promise.all([
      counting.readValues({ site, window_s: rule.windowMs / 1_000 }, fromSlot, toSlot),
      counting.readValues({ site, window_s: SHORT_S }, fromSlot, toSlot),
    ]);
    const history = { fromSlot, values, short };
    const outcome = backtest(rule, history, from);
    await setImmediate();
    return toResult(outcome, { from, to }, suggestThreshold(rule, history, from));
  }

  async function tryGoal(rule: Rule, goal: string, { from, to }: Period): Promise<TriggerBacktestResult> {
    const fromSlot = slotOf(from);
    const values = await counting.readValues({ site: goal, window_s: SHORT_S }, fromSlot, slotOf(to));
    const run = backtestGoal(rule, { fromSlot, values });
    let step = run.next();
    for (; !step.done; step = run.next()) await setImmediate();
    return toResult(step.value, { from, to }, suggestNth(step.value));
  }
}

interface Period {
  from: number;
  to: number;
}

const SHORT_S = 300;
const slotOf = (time: number): number => Math.floor(time / SLOT_MS);

/** @throws Problem `not_found`, `validation_failed` */
function ruleToTry(
  view: NotificationsView,
  { trigger: id, draft = {} }: TriggerBacktestRequest,
  scope: AccountScope,
): Rule {
  const stored = id === undefined ? undefined : view.trigger(id);
  if (id !== undefined && !isTheirs(stored, scope)) throw new Problem('not_found', `There is no trigger ${id}.`);
  const siteId = draft.site ?? stored?.site;
  const site = siteId === undefined ? undefined : view.site(siteId);
  if (!site || !isTheirs(site, scope)) throw fieldProblem('/draft/site', 'is needed: the id of a site of the account.');
  const type = draft.type ?? stored?.type ?? 'visitor_spike';
  const trigger: Trigger = { ...BLANK_TRIGGER, ...stored, ...draft, site: site.id, type };
  if (type === 'goal_completion') return makeRule(trigger, site, goalToTry(view, trigger));
  if (trigger.threshold === 0 && trigger.relative_threshold === 0)
    throw fieldProblem('/draft/threshold', 'is needed, or relative_threshold.');
  return makeRule(trigger, site, undefined);
}

function goalToTry(view: NotificationsView, { goal: id, site, notify, nth }: Trigger): Goal {
  const goal = view.goal(id);
  if (goal?.site !== site) throw fieldProblem('/draft/goal', 'is needed: the id of a goal of the site.');
  if (notify === 'every_nth' && nth < 2) throw fieldProblem('/draft/nth', 'is needed: every how many, from 2 on.');
  return goal;
}

function toResult(
  { firings, judged, asked }: BacktestOutcome,
  { from, to }: Period,
  suggested: number | undefined,
): TriggerBacktestResult {
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    judged: asked === 0 ? 0 : Math.round((judged / asked) * 100) / 100,
    count: firings.length,
    firings: firings.slice(0, SHOWN_AT_MOST).map(({ at, value, threshold, ...one }) => ({
      ...one,
      value: Math.round(value),
      at: new Date(at).toISOString(),
      threshold: Math.round(threshold * 10) / 10,
    })),
    suggested_threshold: suggested ?? null,
  };
}
