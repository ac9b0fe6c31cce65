import type { Notify } from '../../model/notifications.ts';
import type { Firing } from './firing.ts';
import type { Rule } from './rule.ts';

/** What the examples of relative thresholds take to be usual. */
const USUAL = 100;
const SUMMARY = 3;
const AMOUNT = '9.90';

/** What a trigger would tell if its condition just held: numbers that are made up, of the kind that it compares with. */
export function exampleFiring(rule: Rule, now: number): Firing {
  return rule.trigger.type === 'goal_completion' ? exampleCompletion(rule, now) : exampleLevel(rule, now);
}

function exampleLevel({ trigger, windowMs }: Rule, now: number): Firing {
  const isRelative = trigger.relative_threshold > 0;
  const threshold = isRelative ? trigger.relative_threshold * USUAL : trigger.threshold;
  const reached = Math.ceil(threshold);
  const isSpike = trigger.type === 'visitor_spike';
  return {
    type: isSpike ? 'visitor.spike' : 'visitor.drop',
    occurred_at: now,
    window: { from: now - windowMs, to: now },
    value: isSpike ? reached : Math.max(reached - 1, 0),
    threshold,
    ...(isRelative && { baseline: USUAL }),
  };
}

function exampleCompletion({ trigger, goal, nth, windowMs }: Rule, now: number): Firing {
  const values: Record<Notify, number> = { every: 1, first_of_day: 1, every_nth: nth, summary: SUMMARY };
  const value = values[trigger.notify];
  return {
    type: 'goal.completed',
    occurred_at: now,
    window: { from: value === 1 ? now : now - windowMs, to: now },
    value,
    ...(value === 1 && { page: goal?.page_path.replaceAll(/\*+/g, 'example') || '/' }),
    ...(goal?.currency && { revenue: AMOUNT }),
  };
}
