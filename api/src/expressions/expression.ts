import { type CompileBudget, makeCompileBudget } from './compile-budget.ts';
import type { Context } from './context.ts';
import type { Compiled } from './errors.ts';
import { compileProgram, type Outcome } from './program.ts';
import { makeRoom, toJson } from './value.ts';

/** An expression for a value: an event's type, its dedupe key, an extraction rule. */
export interface Expression {
  /** The result is a JSON value (BigInt for whole numbers beyond 2^53). */
  evaluate(context: Context): Outcome<unknown>;
}

/** @param budget of the record that the expression stands in */
export function compileExpression(text: string, budget: CompileBudget = makeCompileBudget()): Compiled<Expression> {
  const compiled = compileProgram(text, budget);
  if (!compiled.ok) return compiled;
  const evaluate = (context: Context) => compiled.value.run(context, (value) => toJson(value, makeRoom(context.meter)));
  return { ok: true, value: { evaluate } };
}
