import type { Goal, Site } from '../../model/notifications.ts';
import { notFound, Problem } from '../../model/problems.ts';
import { isTheirs } from '../../store/account-scope.ts';
import type { AccountScope } from '../../store/records.ts';
import { type EventErrors, parseEvent, type TrackedEvent } from '../hits/tracked-event.ts';
import type { NotificationsView } from '../sites/view.ts';
import { type Mismatch, mismatchOf, toCompletion } from './match.ts';

/** A hit that somebody thinks of. */
export interface GoalTest {
  /** `pageview`, or the name of a custom event. */
  event_name: string;
  /** Whole, or a path. */
  url: string;
  hash_mode: boolean;
  props: Record<string, string | number | boolean>;
  revenue: { amount: string; currency: string } | null;
}

export interface GoalTestResult {
  completed: boolean;
  /** Why not; null: it is completed. */
  reason: Mismatch | 'goal_disabled' | 'site_disabled' | null;
  /** For people. */
  explanation: string;
  /** The path that goals look at. */
  page: string;
  /** What would count as revenue. */
  revenue: { amount: string; currency: string } | null;
}

/**
 * Whether a hit would complete a goal, by the functions that look at real ones. Nothing is counted.
 * @throws Problem `not_found`, `validation_failed`, `conflict` (Plausible decides what completes the goals of its site)
 */
export type TestGoal = (id: string, scope: AccountScope, test: GoalTest) => GoalTestResult;

export function createTestGoal(notifications: { readonly current: NotificationsView }): TestGoal {
  return (id, scope, test) => {
    const view = notifications.current;
    const goal = view.goal(id);
    const site = goal && view.site(goal.site);
    if (!site || !isTheirs(goal, scope)) throw notFound(`goal ${id}`);
    if (site.counted_by !== 'hits')
      throw new Problem('conflict', 'Plausible counts this site, and says what completes its goals.');
    return judgeHit(goal, site, toEvent(test, site));
  };
}

function toEvent({ event_name, url, hash_mode, props, revenue }: GoalTest, { domain }: Site): TrackedEvent {
  const parsed = parseEvent({ name: event_name, url, domain, hashMode: hash_mode, props, revenue });
  if (!parsed.ok) throw refused(parsed.errors);
  if (revenue && !parsed.event.revenue)
    throw refused({
      revenue: ['must be an amount such as 12.30 with the code of a currency of ISO 4217 in capitals, such as EUR'],
    });
  return parsed.event;
}

function refused(errors: EventErrors): Problem {
  const fields = Object.entries(errors).flatMap(([field, messages]) =>
    messages.map((message) => ({ field: `/${field}`, message })),
  );
  const detail = fields.map(({ field, message }) => `${field} ${message}`).join('; ');
  return new Problem('validation_failed', detail, { errors: fields });
}

function judgeHit(goal: Goal, site: Site, event: TrackedEvent): GoalTestResult {
  const reason = mismatchOf(goal, event) ?? disabled(goal, site);
  const { amount, currency } = toCompletion(goal, event);
  const revenue = amount === '' ? null : { amount, currency };
  const page = event.page;
  if (!reason)
    return { completed: true, reason: null, explanation: completedWords(goal, event, revenue), page, revenue };
  return { completed: false, reason, explanation: mismatchWords(reason, goal, event), page, revenue: null };
}

function disabled(goal: Goal, site: Site): 'goal_disabled' | 'site_disabled' | undefined {
  if (!site.enabled) return 'site_disabled';
  return goal.enabled ? undefined : 'goal_disabled';
}

function completedWords(goal: Goal, event: TrackedEvent, revenue: GoalTestResult['revenue']): string {
  if (revenue) return `It completes the goal, with ${revenue.amount} ${revenue.currency}.`;
  if (!event.revenue) return 'It completes the goal.';
  return goal.currency === ''
    ? 'It completes the goal; its amount does not count, since the goal has no currency.'
    : `It completes the goal; its amount does not count, since the goal is in ${goal.currency}.`;
}

function mismatchWords(reason: NonNullable<GoalTestResult['reason']>, goal: Goal, event: TrackedEvent): string {
  switch (reason) {
    case 'event_name':
      return `The goal waits for events named "${goal.event_name}", and this one is named "${event.name}".`;
    case 'not_a_pageview':
      return `The goal waits for pageviews of ${goal.page_path}, and this is an event named "${event.name}".`;
    case 'page_path':
      return `The path ${event.page} does not fit ${goal.page_path}: the whole path has to, "*" is anything within a segment and "**" anything.`;
    case 'props':
      return `The goal takes ${propWords(goal.props ?? {})}, and the event has ${propWords(event.props)}.`;
    case 'goal_disabled':
      return 'It would complete the goal, but the goal is disabled.';
    case 'site_disabled':
      return 'It would complete the goal, but its site is disabled: hits are dropped.';
  }
}

function propWords(props: Record<string, string>): string {
  const words = Object.entries(props).map(([key, value]) => `${key}=${value}`);
  return words.length === 0 ? 'no properties' : words.join(', ');
}
