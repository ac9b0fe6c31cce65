import type { Context } from './context.ts';
import type { Compiled } from './errors.ts';
import { compileProgram, type Outcome } from './program.ts';
import { makeRoom, toJson } from './value.ts';
import { MAX_WORK, type Meter } from './work.ts';

/** An expression for a value: an event's type, its dedupe key, an extraction rule. */
export interface Expression {
  /** The result is a JSON value (BigInt for whole numbers beyond 2^53). */
  evaluate(context: Context): Outcome<unknown>;
}

export function compileExpression(text: string): Compiled<Expression> {
  const meter: Meter = { left: 0 };
  const compiled = compileProgram(text, meter);
  if (!compiled.ok) return compiled;
  const evaluate = (context: Context) => {
    meter.left = MAX_WORK;
    return compiled.value.run(context, (value) => toJson(value, makeRoom()));
  };
  return { ok: true, value: { evaluate } };
}
