import type { Goal, Site } from '../../../model/notifications.ts';
import type { NotificationsView } from '../../sites/view.ts';
import { windowOf } from '../../triggers/rule.ts';
import type { PlausibleSite } from './ask.ts';

/** What Plausible is asked of a site, again and again. */
export type Question = Asks & {
  /** Of all questions unique. */
  id: string;
  site: string;
  of: PlausibleSite;
  everyMs: number;
};

type Asks = { kind: 'visitors'; window_s: number } | { kind: 'completions'; goal: Goal };

/** What a key may be asked in an hour (https://plausible.io/docs/stats-api), all sites of it together. */
export const REQUESTS_AN_HOUR = 600;
/** Of those, so many are for readings; the others for history, top pages and sources, and what a restart asks twice. */
export const READINGS_AN_HOUR = 480;

const SECOND = 1_000;
const HOUR = 3_600_000;
const OFTEN_MS = 30 * SECOND;
/** Windows of 5 minutes still overlap, so that no visitor is missed. */
const SELDOM_MS = 240 * SECOND;
/** A longer window changes slowly. */
const LONG_WINDOW_S = 3_600;
export const CURRENT_S = 300;

export function plausibleSite({ statistics_url, statistics_key, domain }: Site): PlausibleSite {
  return { url: statistics_url, key: statistics_key, domain };
}

/** Every question that the triggers of sites at Plausible need answered, with how often it can be asked. */
export function questionsOf(view: NotificationsView): Question[] {
  const all = view.sites
    .filter(({ counted_by, enabled }) => counted_by === 'plausible' && enabled)
    .flatMap((site) => questionsOfSite(site, view));
  const byKey = new Map<string, Question[]>();
  for (const question of all) {
    const key = keyOf(question.of);
    byKey.set(key, [...(byKey.get(key) ?? []), question]);
  }
  return [...byKey.values()].flatMap(withinLimit);
}

/** How often each site is asked, in milliseconds: that of the question that it is asked most often. */
export function pacesOf(view: NotificationsView): Map<string, number> {
  const paces = new Map<string, number>();
  for (const { site, everyMs } of questionsOf(view)) {
    paces.set(site, Math.min(paces.get(site) ?? Number.POSITIVE_INFINITY, everyMs));
  }
  return paces;
}

/** Sites with the same share the limit. */
export function keyOf({ url, key }: PlausibleSite): string {
  return `${url} ${key}`;
}

/** Visitors of the last 5 minutes always: they say whether the site is silent, and what is usual before somebody asks. */
function questionsOfSite(site: Site, view: NotificationsView): Question[] {
  const goals = new Map(view.goalsOf(site.id).map((goal) => [goal.id, goal]));
  const everyMs = new Map([[CURRENT_S, SELDOM_MS]]);
  const watched = new Map<string, Goal>();
  for (const trigger of view.triggersOf(site.id)) {
    if (!trigger.enabled || trigger.destinations.length === 0) continue;
    const window_s = windowOf(trigger) / SECOND;
    const goal = goals.get(trigger.goal);
    if (trigger.type !== 'goal_completion') everyMs.set(window_s, window_s > LONG_WINDOW_S ? SELDOM_MS : OFTEN_MS);
    else if (goal?.enabled) watched.set(goal.id, goal);
  }
  const common = { site: site.id, of: plausibleSite(site) };
  return [
    ...[...everyMs].map(
      ([window_s, every]): Question => ({
        ...common,
        id: `${site.id} ${window_s}`,
        kind: 'visitors',
        window_s,
        everyMs: every,
      }),
    ),
    ...[...watched.values()].map(
      (goal): Question => ({ ...common, id: goal.id, kind: 'completions', goal, everyMs: OFTEN_MS }),
    ),
  ];
}

/** Slows the questions of one key down until an hour of them is within its limit: first those that are asked often. */
function withinLimit(questions: Question[]): Question[] {
  const perHour = (atLeast: number) =>
    questions.reduce((sum, { everyMs }) => sum + HOUR / Math.max(everyMs, atLeast), 0);
  const often = questions.filter(({ everyMs }) => everyMs === OFTEN_MS).length;
  const left = READINGS_AN_HOUR - ((questions.length - often) * HOUR) / SELDOM_MS;
  const candidates = [OFTEN_MS, (often * HOUR) / left, (questions.length * HOUR) / READINGS_AN_HOUR];
  const atLeast = candidates.find((one) => one > 0 && perHour(one) <= READINGS_AN_HOUR + 1e-6) ?? HOUR;
  const rounded = Math.ceil(atLeast / SECOND) * SECOND;
  return questions.map((question) => ({ ...question, everyMs: Math.max(question.everyMs, rounded) }));
}
