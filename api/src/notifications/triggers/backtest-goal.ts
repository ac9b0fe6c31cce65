import type { BacktestOutcome, WouldHaveFired } from './backtest.ts';
import { SLOT_MS } from './baseline.ts';
import { completionsWanted, decideCompletion } from './completions.ts';
import { mayHaveMore } from './decide.ts';
import type { CompletionReading } from './reading.ts';
import type { Rule } from './rule.ts';
import type { TriggerState } from './state.ts';

/** How many completions each 5 minutes had; null: nobody counted then. The first is that of slot `fromSlot`. */
export interface GoalHistory {
  fromSlot: number;
  values: (number | null)[];
}

export interface GoalBacktest extends BacktestOutcome {
  completions: number;
}

const MINUTE = 60_000;
const SLOT_MINUTES = SLOT_MS / MINUTE;
const SLOTS_AN_HOUR = 12;
/** As the evaluator, in each minute. */
const ROUNDS = 100;
/** Completions that may be in memory after they were counted. */
const REMEMBERED = 10_000;

/**
 * What a goal's trigger would have told, by the function that the evaluator decides with. Where in its 5 minutes a completion came is
 * not known, so they are taken to be evenly apart. Yields after each hour, so that others have their turn.
 */
export function* backtestGoal(rule: Rule, { fromSlot, values }: GoalHistory): Generator<void, GoalBacktest> {
  const past = watch({ ...rule, on: true }, fromSlot * SLOT_MS);
  let judged = 0;
  for (const [i, value] of values.entries()) {
    if (value !== null) judged++;
    let came = 0;
    // Without a completion only the end of something can be due, for which 5 minutes are near enough.
    for (let minute = value ? 1 : SLOT_MINUTES; minute <= SLOT_MINUTES; minute++) {
      const now = (fromSlot + i) * SLOT_MS + minute * MINUTE;
      const until = Math.round(((value ?? 0) * minute) / SLOT_MINUTES);
      past.complete(until - came, now);
      came = until;
      past.look(now);
    }
    if (i % SLOTS_AN_HOUR === SLOTS_AN_HOUR - 1) yield;
  }
  return { firings: past.firings, judged, asked: values.length, completions: past.completions() };
}

/** A trigger and the completions of its goal, over which the time passes. */
function watch(rule: Rule, began: number) {
  const firings: WouldHaveFired[] = [];
  /** When they came; the first is that with the position after `forgotten`. */
  let times: number[] = [];
  let forgotten = 0;
  let state: TriggerState = decideCompletion(rule, undefined, { count: 0, revenue: '', last_seq: 0 }, began).state;
  const last = (): number => forgotten + times.length;

  function read(): CompletionReading {
    const { after, offset } = completionsWanted(rule, state);
    if (after - forgotten > REMEMBERED) {
      times = times.slice(after - forgotten);
      forgotten = after;
    }
    const at = times[after + offset - forgotten];
    const next = at === undefined ? {} : { next: { seq: after + offset + 1, at, page: '', amount: '', currency: '' } };
    return { count: last() - after, revenue: '', last_seq: last(), ...next };
  }

  return {
    firings,
    completions: last,
    complete(count: number, at: number): void {
      for (let n = 0; n < count; n++) times.push(at);
    },
    look(now: number): void {
      for (let round = 0; round < ROUNDS; round++) {
        const reading = read();
        const decision = decideCompletion(rule, state, reading, now);
        state = decision.state;
        if (decision.kind === 'fire') {
          const { type, value } = decision.firing;
          firings.push({ type, at: now, value, threshold: rule.trigger.notify === 'every_nth' ? rule.nth : 1 });
        }
        if (!mayHaveMore(reading, decision)) return;
      }
    },
  };
}

/** Of which `nth` on it would have told once a week at most; undefined: nothing was completed to go by. */
export function suggestNth({ completions, asked }: GoalBacktest): number | undefined {
  if (completions === 0) return undefined;
  const weeks = Math.max(1, Math.round((asked * SLOT_MS) / (7 * 24 * 60 * MINUTE)));
  return Math.max(2, Math.floor(completions / (weeks + 1)) + 1);
}
