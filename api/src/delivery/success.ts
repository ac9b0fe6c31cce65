import type { Answer } from '../destinations/index.ts';
import { type Compiled, compileSuccess, type SuccessRule } from '../expressions/index.ts';
import type { Destination } from '../model/configuration.ts';

/** What a destination's own expression says of a response; undefined: it has none. `why`: it is no success, in a sentence. */
export type JudgeSuccess = (
  answer: Answer,
  destination: Destination,
) => { success: true } | { why: string } | undefined;

const QUOTED = 120;

/** Compiled once for each record object, which stays the same until the record changes. */
export function createJudgeSuccess(): JudgeSuccess {
  const rules = new WeakMap<Destination, Compiled<SuccessRule>>();
  return (answer, destination) => {
    if (destination.success === '') return undefined;
    let rule = rules.get(destination);
    if (!rule) {
      rule = compileSuccess(destination.success);
      rules.set(destination, rule);
    }
    const { whole, ...kept } = answer;
    const result = rule.ok
      ? rule.value.evaluate({ ...kept, body: whole ?? kept.body })
      : { success: false, error: rule.error };
    if (result.success) return { success: true };
    if (result.error) return { why: `The destination's success expression failed: ${result.error.message}` };
    const quoted = answer.body.slice(0, QUOTED).replace(/\s+/g, ' ');
    return {
      why: `The destination answered ${answer.status}, but its success expression takes that for a failure: ${quoted}`,
    };
  };
}
