import type { Trigger } from '../../model/notifications.ts';
import type { NotificationsView } from '../sites/view.ts';
import { makeRule, type Rule } from './rule.ts';
import { createZone, type Zone } from './zone.ts';

/** The triggers of a configuration as they are evaluated. */
export interface Rules {
  all: Rule[];
  of(site: string): readonly Rule[];
}

/** A trigger whose site or goal is gone, or that can't be evaluated, is left out. */
export function makeRules(view: NotificationsView, onFault: (trigger: Trigger, fault: unknown) => void): Rules {
  const bySite = new Map<string, Rule[]>();
  const zones = new Map<string, Zone>();
  const zoneOf = (name: string): Zone => {
    const zone = zones.get(name) ?? createZone(name);
    zones.set(name, zone);
    return zone;
  };
  for (const trigger of view.triggers) {
    try {
      const rule = ruleOf(view, trigger, zoneOf);
      if (!rule) continue;
      const rules = bySite.get(rule.site.id);
      if (rules) rules.push(rule);
      else bySite.set(rule.site.id, [rule]);
    } catch (fault) {
      onFault(trigger, fault);
    }
  }
  return { all: [...bySite.values()].flat(), of: (site) => bySite.get(site) ?? [] };
}

/**
 * A trigger as it is evaluated; undefined: its site or goal is gone.
 * @throws RangeError: the site's time zone does not exist
 */
export function ruleOf(
  view: Pick<NotificationsView, 'site' | 'goalsOf'>,
  trigger: Trigger,
  zoneOf?: (name: string) => Zone,
): Rule | undefined {
  const site = view.site(trigger.site);
  const goal = view.goalsOf(trigger.site).find(({ id }) => id === trigger.goal);
  if (!site || (trigger.type === 'goal_completion' && !goal)) return undefined;
  return makeRule(trigger, site, goal, zoneOf);
}
