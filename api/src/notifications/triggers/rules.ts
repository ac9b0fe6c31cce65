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
    const site = view.site(trigger.site);
    const goal = view.goalsOf(trigger.site).find(({ id }) => id === trigger.goal);
    if (!site || (trigger.type === 'goal_completion' && !goal)) continue;
    try {
      const rule = makeRule(trigger, site, goal, zoneOf);
      const rules = bySite.get(site.id);
      if (rules) rules.push(rule);
      else bySite.set(site.id, [rule]);
    } catch (fault) {
      onFault(trigger, fault);
    }
  }
  return { all: [...bySite.values()].flat(), of: (site) => bySite.get(site) ?? [] };
}
