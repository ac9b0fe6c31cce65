import type { Missing } from './decision.ts';
import type { LevelReading } from './reading.ts';
import type { Rule } from './rule.ts';
import type { AlarmType, TriggerState } from './state.ts';

/** What a reading says, whatever was told so far. */
export interface Verdict {
  /** It can't be judged, and why. */
  missing?: Missing;
  /** In visitors; 0 while the usual value is not known. */
  threshold: number;
  /** The condition holds. */
  holds?: AlarmType;
  /** The value is past the level that a trigger needs to be armed again. */
  back: boolean;
}

/** A value has to come back by a fifth, so that one near the threshold does not fire again and again. */
export const HYSTERESIS = 0.2;
/**
 * Where 2 visitors are usual, 6 come by chance several times a day: a relative spike takes at least 10 visitors (by chance
 * less than once a week), and a relative drop is only judged where 10 are usual.
 */
export const FEWEST_TO_COMPARE = 10;

export function judge(rule: Rule, state: TriggerState, reading: LevelReading): Verdict {
  return rule.trigger.type === 'visitor_spike' ? judgeSpike(rule, state, reading) : judgeDrop(rule, state, reading);
}

/**
 * Only the usual value can be missing: a count of a window that was not seen whole is too low, so what reaches the threshold
 * even so is a spike. But a low count says nothing then about whether a spike is over.
 */
function judgeSpike(rule: Rule, state: TriggerState, reading: LevelReading): Verdict {
  const threshold = thresholdOf(rule, reading);
  if (threshold === undefined) return { missing: 'baseline', threshold: 0, back: false };
  if (reading.value >= threshold) return { threshold, holds: 'visitor.spike', back: false };
  const back = reading.value <= threshold * (1 - HYSTERESIS);
  const hasGap = state.phase === 'firing' && reading.window.from < reading.counting_since;
  return { threshold, back, ...(hasGap && { missing: 'gap' as const }) };
}

function judgeDrop(rule: Rule, state: TriggerState, reading: LevelReading): Verdict {
  const { value, baseline } = reading;
  const threshold = thresholdOf(rule, reading) ?? 0;
  if (isSilent(reading)) return { threshold, holds: 'site.silent', back: false };
  const missing = missingOf(state, reading) ?? compareProblem(rule, baseline);
  const back = value >= threshold * (1 + HYSTERESIS);
  if (missing && state.alarm?.type !== 'site.silent') return { missing, threshold, back };
  if (value >= threshold) return { threshold, back };
  return state.reached || state.alarm
    ? { threshold, holds: 'visitor.drop', back }
    : { missing: 'threshold_not_reached', threshold, back };
}

/** No accepted hit for as long as makes it a broken tracker rather than a quiet hour, though there were hits before. */
export function isSilent({
  window,
  last_hit,
  silent_after_ms,
  counting_since,
  noticing_since = 0,
}: LevelReading): boolean {
  if (last_hit === undefined || silent_after_ms === undefined) return false;
  // While the service was down it could take no hit, or notice none.
  return window.to - Math.max(last_hit, counting_since, noticing_since) >= silent_after_ms;
}

function thresholdOf({ trigger }: Rule, { baseline }: LevelReading): number | undefined {
  if (trigger.relative_threshold === 0) return trigger.threshold;
  if (baseline === undefined) return undefined;
  const relative = trigger.relative_threshold * baseline;
  return trigger.type === 'visitor_spike' ? Math.max(relative, FEWEST_TO_COMPARE) : relative;
}

function missingOf(state: TriggerState, { window, first_hit, counting_since }: LevelReading): Missing | undefined {
  if (first_hit === undefined || window.from < first_hit) return 'first_hit';
  if (window.from < counting_since) return 'gap';
  if (state.counts_from !== undefined && window.from < state.counts_from) return 'silence';
  return undefined;
}

function compareProblem({ trigger }: Rule, baseline: number | undefined): Missing | undefined {
  if (trigger.relative_threshold === 0) return undefined;
  if (baseline === undefined) return 'baseline';
  return baseline < FEWEST_TO_COMPARE ? 'traffic' : undefined;
}
