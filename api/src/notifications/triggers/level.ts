import type { Decision, Missing } from './decision.ts';
import type { Firing } from './firing.ts';
import { judge, type Verdict } from './judge.ts';
import { isQuiet } from './quiet-hours.ts';
import type { LevelReading } from './reading.ts';
import type { Rule } from './rule.ts';
import type { Alarm, Phase, Run, TriggerState } from './state.ts';

/** Readings nearer to each other than this count as one. Only a spike is made by a hit, and is told within 5 seconds of it. */
const READING_EVERY_MS = 10_000;
const SPIKE_READING_EVERY_MS = 2_000;
/** With a longer pause between them, readings are not in a row; those that are had less often may miss one. */
const IN_A_ROW_MS = 60_000;
const MAY_MISS_ONE = 2.5;
const REPEAT_MS = { never: Number.POSITIVE_INFINITY, hourly: 3_600_000, daily: 86_400_000 } as const;

/** Spike and drop: one way through the phases, which docs/notifications.md shows as a table. */
export function decideLevel(
  rule: Rule,
  before: TriggerState | undefined,
  reading: LevelReading,
  now: number,
): Decision {
  const known = before?.measures === rule.measures;
  const state: TriggerState = known ? before : { phase: 'learning', since: now, measures: rule.measures };
  const decision = rule.on
    ? next({ rule, state, reading, verdict: judge(rule, state, reading), now })
    : switchOff(state, now);
  // A trigger that is new, or measures something else now, is stored in any case.
  return decision.kind === 'hold' && !known ? { ...decision, kind: 'move' } : decision;
}

function switchOff(state: TriggerState, now: number): Decision {
  return state.phase === 'off' ? hold(state) : move(reset(state, 'off', now));
}

interface Step {
  rule: Rule;
  state: TriggerState;
  reading: LevelReading;
  verdict: Verdict;
  now: number;
}

function next(step: Step): Decision {
  switch (step.state.phase) {
    case 'off':
    case 'learning':
      return fromLearning(step);
    case 'armed':
      return fromArmed(step);
    case 'muted':
      return fromMuted(step);
    case 'firing':
      return fromFiring(step);
    case 'cooling':
      return fromCooling(step);
  }
}

function fromLearning({ rule, state, verdict, now }: Step): Decision {
  if (!verdict.missing) {
    const armed = reset(state, 'armed', now);
    return move(rule.trigger.type === 'visitor_drop' ? { ...armed, reached: true } : armed);
  }
  if (state.phase === 'learning') return hold(state, verdict.missing);
  return { ...move(reset(state, 'learning', now)), missing: verdict.missing };
}

function fromArmed({ rule, state, reading, verdict, now }: Step): Decision {
  if (verdict.missing) return { ...move(reset(state, 'learning', now)), missing: verdict.missing };
  if (!verdict.holds) return hold(withRun(state, undefined));
  const run = count(state.run, verdict.holds, reading);
  if (run.count < rule.readings) return hold(withRun(state, run));
  const alarm: Alarm = { type: verdict.holds, since: now, repetition: 0, peak: reading.value };
  if (isQuiet(rule.trigger.quiet_hours, rule.zone, now)) return move({ ...reset(state, 'muted', now), alarm });
  return tell({ rule, state, reading, verdict, now }, alarm);
}

/** Nothing is told in quiet hours; what still holds at their end is. */
function fromMuted(step: Step): Decision {
  const { rule, state, reading, verdict, now } = step;
  const alarm = alarmOf(state);
  if (verdict.missing) return hold(state, verdict.missing);
  const quiet = isQuiet(rule.trigger.quiet_hours, rule.zone, now);
  if (verdict.holds) {
    const grown = { ...alarm, type: verdict.holds, peak: peakOf(alarm, reading.value) };
    return quiet ? hold(withRun({ ...state, alarm: grown }, undefined)) : tell(step, grown);
  }
  if (!quiet) return move(reset(state, 'armed', now));
  if (!verdict.back) return hold(withRun(state, undefined));
  const run = count(state.run, 'back', reading);
  return run.count < rule.readings ? hold(withRun(state, run)) : move(reset(state, 'armed', now));
}

function fromFiring(step: Step): Decision {
  const { rule, state, reading, verdict, now } = step;
  // A gap says nothing about whether it is over.
  if (verdict.missing) return hold(state, verdict.missing);
  const alarm = { ...alarmOf(state), peak: peakOf(alarmOf(state), reading.value) };
  const grown = { ...state, alarm };
  const quiet = isQuiet(rule.trigger.quiet_hours, rule.zone, now);
  if (isBack(alarm, reading, verdict)) {
    const run = count(state.run, 'back', reading);
    return run.count < rule.readings || quiet ? hold(withRun(grown, run)) : recover(step, alarm);
  }
  const due = now >= (alarm.told_at ?? alarm.since) + REPEAT_MS[rule.trigger.repeat];
  if (due && !quiet && verdict.holds === alarm.type) return tell(step, { ...alarm, repetition: alarm.repetition + 1 });
  return hold(withRun(grown, undefined));
}

function fromCooling({ rule, state, verdict, now }: Step): Decision {
  if (now < state.since + rule.cooldownMs) return hold(state);
  if (!verdict.missing) return move(reset(state, 'armed', now));
  return { ...move(reset(state, 'learning', now)), missing: verdict.missing };
}

function tell({ state, reading, verdict, now }: Step, alarm: Alarm): Decision {
  const again = alarm.repetition > 0;
  const firing: Firing = {
    ...seen(reading, verdict, now),
    type: alarm.type,
    ...((again || alarm.since < now) && { since: alarm.since }),
    ...(again && { repetition: alarm.repetition }),
    ...(alarm.type === 'site.silent' && reading.last_hit !== undefined && { last_hit: reading.last_hit }),
  };
  const phase = state.phase === 'firing' ? state : reset(state, 'firing', now);
  return { kind: 'fire', state: { ...withRun(phase, undefined), alarm: { ...alarm, told_at: now } }, firing };
}

function recover({ rule, state, reading, verdict, now }: Step, alarm: Alarm): Decision {
  const firing: Firing = {
    ...seen(reading, verdict, now),
    type: `${alarm.type}.recovered`,
    since: alarm.since,
    ...(alarm.type !== 'site.silent' && { peak: alarm.peak }),
  };
  const over = reset(state, rule.cooldownMs > 0 ? 'cooling' : 'armed', now);
  return { kind: 'fire', state: alarm.type === 'site.silent' ? { ...over, counts_from: now } : over, firing };
}

function seen(reading: LevelReading, verdict: Verdict, now: number) {
  const { window, value, baseline } = reading;
  return {
    occurred_at: now,
    window,
    value,
    threshold: verdict.threshold,
    ...(baseline !== undefined && { baseline }),
  };
}

/** A silent site is back with its first hit, whatever its windows still show of the silence. */
function isBack(alarm: Alarm, { last_hit }: LevelReading, verdict: Verdict): boolean {
  return alarm.type === 'site.silent' ? last_hit !== undefined && last_hit > alarm.since : verdict.back;
}

/** Goes by when it was read: a reading that is looked at twice is one. */
function count(run: Run | undefined, of: Run['of'], { window, every_ms = 0 }: LevelReading): Run {
  const at = window.to;
  if (run?.of !== of || at - run.at > Math.max(IN_A_ROW_MS, MAY_MISS_ONE * every_ms)) return { of, count: 1, at };
  const apart = of === 'visitor.spike' ? SPIKE_READING_EVERY_MS : READING_EVERY_MS;
  return at - run.at < apart ? run : { of, count: run.count + 1, at };
}

function peakOf(alarm: Alarm, value: number): number {
  return alarm.type === 'visitor.spike' ? Math.max(alarm.peak, value) : Math.min(alarm.peak, value);
}

function alarmOf({ alarm }: TriggerState): Alarm {
  if (!alarm) throw new Error('a trigger that is muted or firing has no alarm');
  return alarm;
}

/** Another phase: what belonged to the last one is dropped, what is known of the site stays. */
function reset({ measures, reached, counts_from }: TriggerState, phase: Phase, now: number): TriggerState {
  return {
    phase,
    since: now,
    measures,
    ...(reached !== undefined && { reached }),
    ...(counts_from !== undefined && { counts_from }),
  };
}

function withRun({ run: _, ...state }: TriggerState, run: Run | undefined): TriggerState {
  return run ? { ...state, run } : state;
}

function hold(state: TriggerState, missing?: Missing): Decision {
  return { kind: 'hold', state, ...(missing && { missing }) };
}

function move(state: TriggerState): Decision & { kind: 'move' } {
  return { kind: 'move', state };
}
