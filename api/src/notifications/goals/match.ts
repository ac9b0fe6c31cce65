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

/** What of an event does not fit a goal: its kind, name or path, or one of its properties. */
export type Mismatch = 'not_a_pageview' | 'event_name' | 'page_path' | 'props';

export function completes(goal: Goal, event: GoalEvent): boolean {
  return mismatchOf(goal, event) === undefined;
}

/** Undefined: it completes the goal. */
export function mismatchOf(goal: Goal, event: GoalEvent): Mismatch | undefined {
  if (goal.event_name !== '') {
    if (goal.event_name !== event.name) return 'event_name';
  } else {
    if (event.name !== PAGEVIEW) return 'not_a_pageview';
    if (!patternOf(goal)(event.page)) return 'page_path';
  }
  return Object.entries(goal.props ?? {}).every(([key, value]) => propOf(event, key) === value) ? undefined : 'props';
}

/** Amounts in another currency than the goal's are not converted: the completion counts without one. */
export function toCompletion(goal: Goal, { page, revenue }: GoalEvent): Completion {
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
