import type { Missing } from './decision.ts';
import { HYSTERESIS, judge, type Verdict } from './judge.ts';
import { allowedAt, isQuiet } from './quiet-hours.ts';
import type { CompletionReading, LevelReading } from './reading.ts';
import type { Rule } from './rule.ts';
import type { TriggerState } from './state.ts';
import { windowEnd } from './summary-window.ts';
import { counted, duration, number } from './wording.ts';
import { dayOf } from './zone.ts';

/** Why a trigger tells nothing at the moment; `firing`: it has told, and it goes on. */
export type Reason =
  | Missing
  | ('disabled' | 'site_disabled' | 'goal_disabled' | 'no_destination')
  | ('calm' | 'more_readings' | 'quiet_hours' | 'firing' | 'cooldown')
  | ('no_completion' | 'nth' | 'told_today' | 'summary')
  | 'not_counted';

/** What a trigger sees at the moment, and what it waits for. Times are milliseconds since the epoch. */
export interface Standing {
  reason: Reason;
  /** For people. */
  explanation: string;
  /** Until when at least; absent: that depends on what comes. */
  until?: number;
  /** Absent: nothing is measured now. `threshold` is in visitors, also where it is relative. */
  reading?: { at: number; value: number; threshold?: number; baseline?: number };
}

/** Why it is off; undefined: it is on. */
export function whyOff(
  { enabled, destinations }: { enabled: boolean; destinations: readonly string[] },
  site: boolean,
  goal: boolean,
): Standing | undefined {
  if (!enabled) return { reason: 'disabled', explanation: 'It is disabled.' };
  if (!site) return { reason: 'site_disabled', explanation: 'Its site is disabled.' };
  if (!goal) return { reason: 'goal_disabled', explanation: 'Its goal is disabled.' };
  if (destinations.length > 0) return undefined;
  return { reason: 'no_destination', explanation: 'It has nobody to tell: give it a destination or a webhook.' };
}

export function notCounted(): Standing {
  return { reason: 'not_counted', explanation: 'The visitors of its site could not be counted just now.' };
}

/** Of a spike or drop, by the functions that decide. */
export function standingOfLevel(
  rule: Rule,
  known: TriggerState | undefined,
  reading: LevelReading,
  now: number,
): Standing {
  const state: TriggerState =
    known?.measures === rule.measures ? known : { phase: 'learning', since: now, measures: rule.measures };
  const verdict = judge(rule, state, reading);
  const { value, baseline, window } = reading;
  const shown = {
    at: window.to,
    value,
    ...(verdict.threshold > 0 && { threshold: tenths(verdict.threshold) }),
    ...(baseline !== undefined && { baseline: tenths(baseline) }),
  };
  return { ...whatItWaitsFor(rule, state, verdict, reading, now), reading: shown };
}

function whatItWaitsFor(
  rule: Rule,
  state: TriggerState,
  verdict: Verdict,
  reading: LevelReading,
  now: number,
): Standing {
  const seen = `${counted(reading.value, 'visitor')} in ${duration(rule.windowMs / 1_000)}`;
  const quietUntil = isQuiet(rule.trigger.quiet_hours, rule.zone, now)
    ? allowedAt(rule.trigger.quiet_hours, rule.zone, now)
    : undefined;
  if (state.phase === 'cooling' && now < state.since + rule.cooldownMs)
    return {
      reason: 'cooldown',
      until: state.since + rule.cooldownMs,
      explanation: `${seen}. It told, that is over, and its cool-down is not.`,
    };
  if (state.phase === 'firing')
    return { reason: 'firing', explanation: `${seen}. It has told; it is over ${overWhen(rule, state, verdict)}.` };
  if (verdict.missing) return { reason: verdict.missing, explanation: MISSING[verdict.missing] };
  if (!verdict.holds) return { reason: 'calm', explanation: `${seen}; it tells ${tellsWhen(rule, verdict, reading)}.` };
  if (quietUntil !== undefined)
    return {
      reason: 'quiet_hours',
      until: quietUntil,
      explanation: `${seen}: it holds, and is told when the quiet hours end, if it still does.`,
    };
  return {
    reason: 'more_readings',
    explanation: `${seen}: it holds, and is told once it does in ${counted(rule.readings, 'reading')} in a row.`,
  };
}

const MISSING: Record<Missing, string> = {
  first_hit: 'No hit of the site came yet, or not a whole window ago.',
  gap: 'Hits were not taken for a part of the window: Pockethook was down.',
  baseline: 'What is usual is not known yet: that takes two weeks of the same weekday and hour.',
  traffic: 'So few visitors are usual at this hour that a drop says nothing: it takes 10.',
  silence: 'The site was silent for a part of the window.',
  threshold_not_reached: 'The site never had the threshold in such a window, so there is nothing to drop from.',
};

function overWhen({ trigger }: Rule, { alarm }: TriggerState, { threshold }: Verdict): string {
  if (alarm?.type === 'site.silent') return 'with the next hit';
  return trigger.type === 'visitor_spike'
    ? `at ${number(threshold * (1 - HYSTERESIS))} or fewer`
    : `at ${number(threshold * (1 + HYSTERESIS))} or more`;
}

function tellsWhen({ trigger }: Rule, { threshold }: Verdict, { baseline }: LevelReading): string {
  const isSpike = trigger.type === 'visitor_spike';
  const usual = baseline === undefined ? '' : `, where ${number(baseline)} are usual`;
  return `${isSpike ? 'from' : 'below'} ${number(isSpike ? Math.ceil(threshold) : threshold)}${isSpike ? ' on' : ''}${usual}`;
}

/** Of a goal. @param reading of what `completionsWanted` asks for */
export function standingOfGoal(
  rule: Rule,
  known: TriggerState | undefined,
  reading: CompletionReading,
  now: number,
): Standing {
  const progress = known?.measures === rule.measures ? known.progress : undefined;
  const { notify, quiet_hours } = rule.trigger;
  const count = (progress?.counted ?? 0) + reading.count;
  const shown = { at: now, value: count, ...(notify === 'every_nth' && { threshold: rule.nth }) };
  const completions = `${counted(count, 'completion')} since it told last`;
  if (progress && isQuiet(quiet_hours, rule.zone, now))
    return {
      reason: 'quiet_hours',
      until: allowedAt(quiet_hours, rule.zone, now),
      explanation: `${completions}; what comes in quiet hours is told at their end.`,
      reading: shown,
    };
  if (notify === 'every_nth')
    return { reason: 'nth', explanation: `${completions}; it tells of every ${number(rule.nth)}.`, reading: shown };
  if (notify === 'first_of_day' && progress?.day === dayOf(rule.zone, now))
    return { reason: 'told_today', explanation: 'It has told of the first completion of the day.', reading: shown };
  if (notify === 'summary' && progress)
    return {
      reason: 'summary',
      until: windowEnd(rule.zone, progress.from, rule.windowMs),
      explanation: `${counted(count, 'completion')} in this window; it tells at its end, if there are any.`,
      reading: shown,
    };
  return {
    reason: 'no_completion',
    explanation: 'No completion of the goal came that it has not told.',
    reading: shown,
  };
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
