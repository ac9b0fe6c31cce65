import type { Goal } from '../../model/notifications.ts';
import type { Completion } from '../../store/hits.ts';
import { compilePathPattern, type PathPattern } from './path-pattern.ts';

/** What of a tracker's event goals look at. */
export interface GoalEvent {
  name: string;
  page: string;
  props: Record<string, string>;
  revenue: { amount: string; currency: string } | undefined;
}

const PAGEVIEW = 'pageview';
/** Goals keep their identity until they are changed. */
const patterns = new WeakMap<Goal, PathPattern>();

/** The goals that an event completes: by its name, or as the view of a page. */
export function completedBy(event: GoalEvent, goals: readonly Goal[]): Completion[] {
  return goals.filter((goal) => goal.enabled && completes(goal, event)).map((goal) => toCompletion(goal, event));
}

export function completes(goal: Goal, event: GoalEvent): boolean {
  const fits =
    goal.event_name === '' ? event.name === PAGEVIEW && patternOf(goal)(event.page) : goal.event_name === event.name;
  return fits && Object.entries(goal.props ?? {}).every(([key, value]) => propOf(event, key) === value);
}

/** Amounts in another currency than the goal's are not converted: the completion counts without one. */
function toCompletion(goal: Goal, { page, revenue }: GoalEvent): Completion {
  const counted = goal.currency !== '' && revenue?.currency === goal.currency ? revenue : { amount: '', currency: '' };
  return { goal: goal.id, page, ...counted };
}

function propOf({ props }: GoalEvent, key: string): string | undefined {
  return Object.hasOwn(props, key) ? props[key] : undefined;
}

function patternOf(goal: Goal): PathPattern {
  const known = patterns.get(goal);
  if (known) return known;
  const pattern = compilePathPattern(goal.page_path);
  patterns.set(goal, pattern);
  return pattern;
}
