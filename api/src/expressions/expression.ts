import { type CompileBudget, makeCompileBudget } from './compile-budget.ts';
import type { Context } from './context.ts';
import { type Compiled, failure } from './errors.ts';
import { MAX_RENDERED } from './meter.ts';
import { compileProgram, type Outcome } from './program.ts';
import { makeRoom, toJson } from './value.ts';

/** An expression for a value: an event's type, its dedupe key, an extraction rule. */
export interface Expression {
  /** The result is a JSON value (BigInt for whole numbers beyond 2^53). */
  evaluate(context: Context): Outcome<unknown>;
  /** The paths of the event that it reads. */
  reads(): string[];
}

/** @param budget of the record that the expression stands in */
export function compileExpression(text: string, budget: CompileBudget = makeCompileBudget()): Compiled<Expression> {
  const compiled = compileProgram(text, budget);
  if (!compiled.ok) return compiled;
  const { run, reads } = compiled.value;
  const evaluate = (context: Context) => run(context, (value) => toJson(value, makeRoom(context.meter)));
  return { ok: true, value: { evaluate, reads } };
}

/** An expression for a list: the events of a request that holds several. */
export interface ListExpression {
  evaluate(context: Context): Outcome<unknown[]>;
}

/** Elements of such a list. SendGrid sends up to 768 KB at once, Mandrill up to 1,000 events. */
export const MAX_ITEMS = 2_000;

const NO_LIST = 'the result is not a list, such as body.events';

export function compileList(text: string, budget: CompileBudget = makeCompileBudget()): Compiled<ListExpression> {
  const compiled = compileProgram(text, budget);
  if (!compiled.ok) return compiled;
  const { run, type } = compiled.value;
  if (type !== 'dyn' && !type.startsWith('list')) return { ok: false, error: { message: NO_LIST } };
  const toItems = (value: unknown, { meter }: Context): unknown[] => {
    if (!Array.isArray(value)) throw failure(NO_LIST);
    if (value.length > MAX_ITEMS) throw failure(`the list has ${value.length} elements, more than ${MAX_ITEMS}`);
    const room = { left: MAX_RENDERED, meter };
    return value.map((item) => toJson(item, room));
  };
  return { ok: true, value: { evaluate: (context) => run(context, (value) => toItems(value, context)) } };
}
