import type { Context } from './context.ts';
import { type Compiled, cut, type ExpressionError, failure } from './errors.ts';
import { compileProgram, type Program } from './program.ts';
import { splitConjuncts } from './scan.ts';
import { MAX_WORK, type Meter } from './work.ts';

export type FilterResult =
  | { matched: true }
  /** `clause`: the first part between `&&` that was false, or whose key the event lacks. */
  | { matched: false; clause: string }
  | { error: ExpressionError };

export interface Filter {
  evaluate(context: Context): FilterResult;
}

const MAX_CLAUSE = 300;
const MATCHED: FilterResult = { matched: true };

/** An empty text matches every event. */
export function compileFilter(text: string): Compiled<Filter> {
  if (text.trim() === '') return { ok: true, value: { evaluate: () => MATCHED } };
  const meter: Meter = { left: 0 };
  const clauses = compileClauses(text, meter);
  if (!clauses.ok) return clauses;
  const evaluate = (context: Context) => {
    meter.left = MAX_WORK;
    return evaluateAll(clauses.value, context);
  };
  return { ok: true, value: { evaluate } };
}

/** The whole text first: the limits hold for all clauses together. */
function compileClauses(text: string, meter: Meter): Compiled<Clause[]> {
  const whole = compileProgram(text, meter);
  if (!whole.ok) return whole;
  const clauses: Clause[] = [];
  let start = 0;
  for (const part of splitConjuncts(text)) {
    // Blanks in place of what comes before keep the positions in errors those of the whole text.
    const blanks = text.slice(0, start).replace(/[^\n]/g, ' ');
    const compiled = compileProgram(blanks + part, meter);
    if (!compiled.ok) return compiled;
    clauses.push({ text: cut(part.trim(), MAX_CLAUSE), program: compiled.value });
    start += part.length + '&&'.length;
  }
  return { ok: true, value: clauses };
}

interface Clause {
  text: string;
  program: Program;
}

/** As CEL defines `&&`: an error counts only if no other clause is false. */
function evaluateAll(clauses: Clause[], context: Context): FilterResult {
  let failed: FilterResult | undefined;
  for (const { text, program } of clauses) {
    const outcome = program.run(context, toBoolean);
    if (outcome.ok ? !outcome.value : outcome.missing) return { matched: false, clause: text };
    if (!outcome.ok) failed ??= { error: outcome.error };
  }
  return failed ?? MATCHED;
}

function toBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw failure('a filter must come to true or false');
  return value;
}
