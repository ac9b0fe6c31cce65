import { decideCompletion } from './completions.ts';
import type { Decision } from './decision.ts';
import { decideLevel } from './level.ts';
import type { CompletionReading, LevelReading } from './reading.ts';
import type { Rule } from './rule.ts';
import type { TriggerState } from './state.ts';

export type Reading = LevelReading | CompletionReading;

/**
 * What a reading makes of a trigger: a pure function, which the evaluator and the backtest share.
 * @param state undefined: the trigger was never evaluated
 */
export function decide(rule: Rule, state: TriggerState | undefined, reading: Reading, now: number): Decision {
  return 'count' in reading ? decideCompletion(rule, state, reading, now) : decideLevel(rule, state, reading, now);
}
