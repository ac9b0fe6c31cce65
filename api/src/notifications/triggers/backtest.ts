import { createBaselines, createSilences, SLOT_MS, type ValueAt } from './baseline.ts';
import { HYSTERESIS } from './judge.ts';
import { decideLevel } from './level.ts';
import type { LevelReading } from './reading.ts';
import type { Rule } from './rule.ts';
import type { FiringType, TriggerState } from './state.ts';

/** What was counted at the end of each 5 minutes; null: nobody evaluated then. The first is that of slot `fromSlot`. */
export interface History {
  fromSlot: number;
  /** In the trigger's window. */
  values: (number | null)[];
  /** In windows of 5 minutes: what silence is reckoned from. */
  short: (number | null)[];
}

export interface WouldHaveFired {
  type: FiringType;
  at: number;
  value: number;
  threshold: number;
}

export interface BacktestOutcome {
  /** Recoveries are not among them. */
  firings: WouldHaveFired[];
  /** Times of 5 minutes that could be judged, of those asked for. */
  judged: number;
  asked: number;
}

const MINUTE = 60_000;

/**
 * What a spike or drop trigger would have told of the values from `from` on, by the function that the evaluator decides with. A
 * value stands for 5 minutes, so each counts as all the readings in a row that the trigger asks for.
 */
export function backtest(rule: Rule, history: History, from: number, past = pastOf(rule, history)): BacktestOutcome {
  const once: Rule = { ...rule, on: true, readings: 1 };
  const outcome: BacktestOutcome = { firings: [], judged: 0, asked: 0 };
  let state: TriggerState | undefined;
  let seen: Seen | undefined;
  history.values.forEach((value, i) => {
    const at = (history.fromSlot + i) * SLOT_MS + SLOT_MS - 1;
    seen =
      value === null
        ? undefined
        : { since: seen?.since ?? at, first: seen?.first ?? at, last: lastHit(seen, past.shortAt(at), at) };
    if (at < from) return;
    outcome.asked++;
    if (value === null || !seen) return;
    const reading = readingOf(once, value, at, seen, past);
    const decision = decideLevel(once, state, reading, at);
    state = decision.state;
    if (!('missing' in decision) || !decision.missing) outcome.judged++;
    if (decision.kind !== 'fire' || decision.firing.type.endsWith('.recovered')) return;
    const { type, threshold = 0 } = decision.firing;
    outcome.firings.push({ type, at, value, threshold });
  });
  return outcome;
}

interface Seen {
  /** Since when values are there without a gap. */
  since: number;
  first: number;
  last: number | undefined;
}

function lastHit(seen: Seen | undefined, short: number | undefined, at: number): number | undefined {
  return short ? at : seen?.last;
}

/** What is looked up in a history at each of its moments. It does not depend on the threshold. */
interface Past {
  shortAt: ValueAt;
  baselineAt: ValueAt;
  silenceAt: ValueAt;
}

function pastOf({ zone }: Rule, history: History): Past {
  const shortAt = lookUp(history, history.short);
  return {
    shortAt,
    baselineAt: createBaselines(zone, lookUp(history, history.values)),
    silenceAt: createSilences(zone, shortAt),
  };
}

function readingOf(rule: Rule, value: number, at: number, seen: Seen, { baselineAt, silenceAt }: Past): LevelReading {
  const baseline = rule.trigger.relative_threshold > 0 ? baselineAt(at) : undefined;
  const mayBeSilent = rule.trigger.type === 'visitor_drop' && seen.last !== undefined && at - seen.last >= 30 * MINUTE;
  const silence = mayBeSilent ? silenceAt(at) : undefined;
  return {
    window: { from: at - rule.windowMs, to: at },
    value,
    ...(baseline !== undefined && { baseline }),
    ...(silence !== undefined && { silent_after_ms: silence }),
    first_hit: seen.first,
    ...(seen.last !== undefined && { last_hit: seen.last }),
    counting_since: seen.since,
  };
}

function lookUp({ fromSlot }: History, values: (number | null)[]): ValueAt {
  return (time) => values[Math.floor(time / SLOT_MS) - fromSlot] ?? undefined;
}

const TIMES_USUAL = [1.5, 2, 2.5, 3, 4, 5, 7.5, 10, 15, 20];
const PARTS_OF_USUAL = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
const WEEK = 7 * 24 * 60 * MINUTE;

/** The most sensitive threshold that would have told about once a week at most; undefined: nothing was counted to go by. */
export function suggestThreshold(rule: Rule, history: History, from: number): number | undefined {
  const { fromSlot, values } = history;
  const to = (fromSlot + values.length) * SLOT_MS;
  const most = Math.max(1, Math.round((to - from) / WEEK));
  const past = pastOf(rule, history);
  const fires = (candidate: number) => backtest(withThreshold(rule, candidate), history, from, past);
  return candidatesFor(rule, values).find((candidate) => {
    const { firings, judged } = fires(candidate);
    return judged > 0 && firings.filter(({ type }) => type !== 'site.silent').length <= most;
  });
}

/** From the most sensitive on. */
function candidatesFor({ trigger }: Rule, values: (number | null)[]): number[] {
  const isSpike = trigger.type === 'visitor_spike';
  if (trigger.relative_threshold > 0) return isSpike ? TIMES_USUAL : PARTS_OF_USUAL;
  const known = values.filter((value) => value !== null).sort((a, b) => a - b);
  if (known.length === 0) return [];
  const at = (share: number) => known[Math.min(known.length - 1, Math.floor(share * known.length))] ?? 0;
  if (!isSpike)
    return [...new Set([0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.001, 0].map((share) => at(share)))].filter(
      (value) => value > 0,
    );
  // What there is for much of the time must be low enough for a spike to be over.
  const spikes = [0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 1].map((share) =>
    Math.ceil(at(share) / (1 - HYSTERESIS)),
  );
  return [...new Set(spikes)].map((value) => Math.max(value, 2));
}

function withThreshold(rule: Rule, threshold: number): Rule {
  const relative = rule.trigger.relative_threshold > 0;
  return { ...rule, trigger: { ...rule.trigger, ...(relative ? { relative_threshold: threshold } : { threshold }) } };
}
