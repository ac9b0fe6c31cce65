import { addAmounts } from './amount.ts';
import type { Decision } from './decision.ts';
import type { Firing } from './firing.ts';
import { allowedAt, isQuiet } from './quiet-hours.ts';
import type { Completion, CompletionReading, Window } from './reading.ts';
import type { Rule } from './rule.ts';
import type { Progress, TriggerState } from './state.ts';
import { windowEnd, windowStart } from './summary-window.ts';
import { dayOf } from './zone.ts';

/** Told one by one in a minute; what comes beyond is told together at its end. */
export const EVENTS_A_MINUTE = 60;
const MINUTE = 60_000;

/** The reading that a trigger needs: completions after a position, and the one so many further on. Below 0: only the newest position. */
export function completionsWanted({ trigger, nth, measures }: Rule, state: TriggerState | undefined) {
  const progress = state?.measures === measures ? state.progress : undefined;
  if (!progress) return { after: -1, offset: 0 };
  return { after: progress.seq, offset: trigger.notify === 'every_nth' ? Math.max(nth - progress.counted - 1, 0) : 0 };
}

/** A trigger tells of what came since it was first seen, or switched on again. */
export function decideCompletion(
  rule: Rule,
  before: TriggerState | undefined,
  reading: CompletionReading,
  now: number,
): Decision {
  const state = before?.measures === rule.measures ? before : undefined;
  if (!rule.on) {
    if (state?.phase === 'off') return { kind: 'hold', state };
    return { kind: 'move', state: { phase: 'off', since: now, measures: rule.measures } };
  }
  if (!state?.progress) {
    const progress: Progress = { seq: reading.last_seq, counted: 0, revenue: '', from: now };
    return { kind: 'move', state: { phase: 'armed', since: now, measures: rule.measures, progress } };
  }
  const step: Step = { rule, state, progress: state.progress, reading, now };
  if (isQuiet(rule.trigger.quiet_hours, rule.zone, now)) return quietly(step);
  switch (rule.trigger.notify) {
    case 'every':
      return decideEvery(step);
    case 'first_of_day':
      return decideFirstOfDay(step);
    case 'every_nth':
      return decideNth(step);
    case 'summary':
      return decideSummary(step);
  }
}

interface Step {
  rule: Rule;
  state: TriggerState;
  progress: Progress;
  reading: CompletionReading;
  now: number;
}

/** What comes in quiet hours waits for their end. */
function quietly(step: Step): Decision {
  const { rule, progress, reading } = step;
  if (rule.trigger.notify === 'every') return hold(step, heldBack(progress, reading));
  return hold(step, rule.trigger.notify === 'summary' ? counted(progress, reading) : progress);
}

/** One by one, up to so many a minute; what was held back is told together. */
function decideEvery(step: Step): Decision {
  const { progress, reading, now } = step;
  const { minute } = progress;
  const under = minute && now < minute.from + MINUTE ? minute : { from: now, told: 0 };
  if (under.told >= EVENTS_A_MINUTE) return hold(step, heldBack(progress, reading));
  if (progress.counted > 0) return tellHeldBack(step, counted(progress, reading));
  if (!reading.next) return hold(step, progress);
  return tellOne(step, reading.next, {
    ...progress,
    seq: reading.next.seq,
    minute: { ...under, told: under.told + 1 },
  });
}

function decideFirstOfDay(step: Step): Decision {
  const { rule, progress, reading, now } = step;
  const { next, last_seq } = reading;
  if (!next) return hold(step, progress);
  // The rest of a day that was told is passed over: at once while it is that day, one by one after its end.
  if (progress.day === dayOf(rule.zone, now)) return hold(step, { ...progress, seq: last_seq });
  const day = dayOf(rule.zone, next.at);
  if (progress.day !== undefined && day <= progress.day) return hold(step, { ...progress, seq: next.seq });
  return tellOne(step, next, { ...progress, seq: next.seq, day });
}

function decideNth(step: Step): Decision {
  const { rule, progress, reading } = step;
  if (!reading.next) return hold(step, counted(progress, reading));
  const told = { ...progress, seq: reading.next.seq, counted: 0, revenue: '', from: reading.next.at };
  return tellOne(step, reading.next, told, rule.nth);
}

function decideSummary(step: Step): Decision {
  const { rule, state, progress, reading, now } = step;
  const sums = counted(progress, reading);
  const to = windowEnd(rule.zone, progress.from, rule.windowMs);
  if (now < to) return hold(step, sums);
  const after = { seq: sums.seq, counted: 0, revenue: '', from: windowStart(rule.zone, now, rule.windowMs) };
  if (sums.counted === 0) return hold(step, after);
  const window = { from: progress.from, to };
  const firing = { ...told(rule, sums.counted, sums.revenue, window), occurred_at: now };
  return { kind: 'fire', state: { ...state, progress: after }, firing };
}

/** One completion by itself, or the one that makes the nth. */
function tellOne(
  { rule, state, reading: _, now }: Step,
  completion: Completion,
  progress: Progress,
  value = 1,
): Decision {
  const after = { ...state, progress };
  const late = now > allowedAt(rule.trigger.quiet_hours, rule.zone, completion.at) + rule.expiresAfterMs;
  if (late && rule.trigger.when_late === 'skip') return { kind: 'skip', state: after };
  const { at, page, amount, currency } = completion;
  const window = { from: value > 1 ? (state.progress?.from ?? at) : at, to: at };
  const revenue = value === 1 && rule.goal?.currency && currency === rule.goal.currency ? amount : '';
  const firing: Firing = {
    ...told(rule, value, revenue, window),
    occurred_at: at,
    ...(value === 1 && page && { page }),
    ...(late && { late }),
  };
  return { kind: 'fire', state: after, firing };
}

/** What came in quiet hours, or was more than is told in a minute, as one event. */
function tellHeldBack({ rule, state, now }: Step, held: Progress): Decision {
  const { counted: count, revenue, from } = held;
  const quiet = isQuiet(rule.trigger.quiet_hours, rule.zone, from);
  const firing: Firing = {
    ...told(rule, count, revenue, { from, to: now }),
    occurred_at: now,
    ...(quiet ? { since: from } : { rest: true as const }),
  };
  const after = { ...held, counted: 0, revenue: '', from: now, minute: { from: now, told: 1 } };
  return { kind: 'fire', state: { ...state, progress: after }, firing };
}

function told(rule: Rule, value: number, revenue: string, window: Window) {
  return { type: 'goal.completed' as const, value, window, ...(rule.goal?.currency && revenue && { revenue }) };
}

/** Sums are kept up as it goes: completions are not kept for long. */
function counted(progress: Progress, { count, revenue, last_seq }: CompletionReading): Progress {
  if (count === 0) return progress;
  return {
    ...progress,
    seq: last_seq,
    counted: progress.counted + count,
    revenue: addAmounts(progress.revenue, revenue),
  };
}

/** Counted from the first completion that is not told by itself. */
function heldBack(progress: Progress, reading: CompletionReading): Progress {
  const sums = counted(progress, reading);
  return progress.counted === 0 && reading.next ? { ...sums, from: reading.next.at } : sums;
}

function hold({ state }: Step, progress: Progress): Decision {
  return { kind: 'hold', state: { ...state, progress } };
}
