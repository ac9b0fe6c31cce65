import type { Goal, Trigger } from '../../model/notifications.ts';
import type { NotificationsView } from '../sites/view.ts';
import { makeRule, type Rule } from './rule.ts';
import { createZone, type Zone } from './zone.ts';

/** The triggers of a configuration as they are evaluated. */
export interface Rules {
  all: readonly Rule[];
  of(site: string): readonly Rule[];
  ofTrigger(id: string): Rule | undefined;
}

export interface MakeRulesOptions {
  /** A trigger that can't be evaluated is left out. */
  onFault: (trigger: Trigger, fault: unknown) => void;
  /** Those of the configuration before: what was not edited stays the same object. */
  before?: Rules | undefined;
}

/** A trigger whose site or goal is gone, or that can't be evaluated, is left out. */
export function makeRules(view: NotificationsView, { onFault, before }: MakeRulesOptions): Rules {
  const bySite = new Map<string, Rule[]>();
  const byTrigger = new Map<string, Rule>();
  const zones = new Map<string, Zone>();
  const zoneOf = (name: string): Zone => {
    const zone = zones.get(name) ?? createZone(name);
    zones.set(name, zone);
    return zone;
  };
  for (const trigger of view.triggers) {
    try {
      const rule = unedited(view, before?.ofTrigger(trigger.id), trigger) ?? ruleOf(view, trigger, zoneOf);
      if (!rule) continue;
      byTrigger.set(trigger.id, rule);
      const rules = bySite.get(rule.site.id);
      if (rules) rules.push(rule);
      else bySite.set(rule.site.id, [rule]);
    } catch (fault) {
      onFault(trigger, fault);
    }
  }
  return {
    all: [...bySite.values()].flat(),
    of: (site) => bySite.get(site) ?? [],
    ofTrigger: (id) => byTrigger.get(id),
  };
}

/** The rule of before, if neither its trigger nor its site nor its goal was edited: records keep their identity until then. */
function unedited(view: NotificationsView, rule: Rule | undefined, trigger: Trigger): Rule | undefined {
  const isSame =
    rule?.trigger === trigger && rule.site === view.site(trigger.site) && rule.goal === goalOf(view, trigger);
  return isSame ? rule : undefined;
}

/**
 * A trigger as it is evaluated; undefined: its site or goal is gone.
 * @throws RangeError: the site's time zone does not exist
 */
export function ruleOf(
  view: Pick<NotificationsView, 'site' | 'goal'>,
  trigger: Trigger,
  zoneOf?: (name: string) => Zone,
): Rule | undefined {
  const site = view.site(trigger.site);
  const goal = goalOf(view, trigger);
  if (!site || (trigger.type === 'goal_completion' && !goal)) return undefined;
  return makeRule(trigger, site, goal, zoneOf);
}

/** Undefined: it watches none, or one that is gone or of another site. */
function goalOf(view: Pick<NotificationsView, 'goal'>, { goal: id, site }: Trigger): Goal | undefined {
  const goal = id === '' ? undefined : view.goal(id);
  return goal?.site === site ? goal : undefined;
}
