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

/** Whoever told of one completion, or passed one over, may have more to tell. */
export function mayHaveMore(reading: Reading, decision: Decision): boolean {
  if (decision.kind === 'fire' || decision.kind === 'skip') return true;
  const { progress } = decision.state;
  const passedOver = 'next' in reading && progress?.seq === reading.next?.seq;
  return passedOver && progress !== undefined && 'last_seq' in reading && progress.seq < reading.last_seq;
}
