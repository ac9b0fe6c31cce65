import type { Counting } from '../../store/counting.ts';
import type { TriggerStore } from '../../store/triggers.ts';
import type { NotificationsView } from '../sites/view.ts';
import { readCompletions, readLevels } from './readings.ts';
import { makeRule, type Rule } from './rule.ts';
import { notCounted, type Standing, standingOfGoal, standingOfLevel, whyOff } from './standing.ts';
import type { TriggerState } from './state.ts';
import { createUsualValues } from './usual.ts';

export interface ReadStandingDeps {
  notifications: { readonly current: NotificationsView };
  counting: Pick<Counting, 'countVisitors' | 'readSites' | 'countCompletions' | 'readHours'>;
  triggers: Pick<TriggerStore, 'readLease'>;
}

/**
 * Reads what a trigger sees now, and says why it tells nothing. Undefined: it is so new that it is not evaluated yet.
 * @throws Problem `store_unavailable`
 */
export type ReadStanding = (trigger: string, state: TriggerState | undefined) => Promise<Standing | undefined>;

export function createReadStanding({ notifications, counting, triggers }: ReadStandingDeps): ReadStanding {
  const usual = createUsualValues(counting);
  return async (id, state) => {
    const view = notifications.current;
    const trigger = view.trigger(id);
    const site = trigger && view.site(trigger.site);
    if (!site) return undefined;
    const goal = view.goalsOf(site.id).find((one) => one.id === trigger.goal);
    const off = whyOff(trigger, site.enabled, goal?.enabled !== false);
    if (off) return off;
    const rule = ruleOf(trigger, site, goal);
    if (!rule) return notCounted();
    if (trigger.type === 'goal_completion') {
      const { now, readings } = await readCompletions({ counting }, [{ rule, state }]);
      return readings[0] ? standingOfGoal(rule, state, readings[0], now) : notCounted();
    }
    const { counting_since, now } = await triggers.readLease();
    await usual.refresh([rule], now);
    const levels = await readLevels({ counting, usual }, [rule], counting_since);
    const reading = levels.of(rule);
    return reading ? standingOfLevel(rule, state, reading, levels.now) : notCounted();
  };
}

/** Undefined: the site's time zone does not exist, so that the trigger is not evaluated either. */
function ruleOf(...parts: Parameters<typeof makeRule>): Rule | undefined {
  try {
    return makeRule(...parts);
  } catch {
    return undefined;
  }
}
