import type { ClauseResult } from '../model/explanation.ts';
import { type CompileBudget, MAX_RECORD_PARTS, makeCompileBudget } from './compile-budget.ts';
import type { Context } from './context.ts';
import { type Compiled, cut, describe, type ExpressionError, failure } from './errors.ts';
import { compileProgram, type Program } from './program.ts';
import { splitConjuncts } from './scan.ts';
import { compileSee, type See } from './seen.ts';

export type FilterResult =
  | { matched: true }
  /** `clause`: the first part between `&&` that was false, or whose key the event lacks. */
  | { matched: false; clause: string }
  | { error: ExpressionError };

export interface Filter {
  evaluate(context: Context): FilterResult;
  /** Every clause by itself, in order, also those behind the one that decides. For people: slower than `evaluate`. */
  explain(context: Context): ClauseResult[];
}

const MAX_CLAUSE = 300;
const MATCHED: FilterResult = { matched: true };
const MATCHES_ALL: Filter = { evaluate: () => MATCHED, explain: () => [] };

/**
 * An empty text matches every event.
 * @param budget of the record that the filter stands in
 */
export function compileFilter(text: string, budget: CompileBudget = makeCompileBudget()): Compiled<Filter> {
  if (text.trim() === '') return { ok: true, value: MATCHES_ALL };
  const clauses = compileClauses(text, budget);
  if (!clauses.ok) return clauses;
  const evaluate = (context: Context) => evaluateAll(clauses.value, context);
  const explain = (context: Context) => clauses.value.map((clause) => explainClause(clause, context));
  return { ok: true, value: { evaluate, explain } };
}

/** The whole text first: the limits hold for all clauses together, which then take nothing more from the budget. */
function compileClauses(text: string, budget: CompileBudget): Compiled<Clause[]> {
  const whole = compileProgram(text, budget);
  if (!whole.ok) return whole;
  const counted = { ...budget, left: MAX_RECORD_PARTS };
  const clauses: Clause[] = [];
  let start = 0;
  for (const part of splitConjuncts(text)) {
    // Blanks in place of what comes before keep the positions in errors those of the whole text.
    const blanks = text.slice(0, start).replace(/[^\n]/g, ' ');
    const compiled = compileProgram(blanks + part, counted);
    if (!compiled.ok) return compiled;
    const { value: program } = compiled;
    const never = neverBoolean(program.type);
    if (never) {
      const range = { start: start + part.search(/\S/), end: start + part.length };
      return { ok: false, error: describe(failure(`a filter must come to true or false, ${never}`, range), text) };
    }
    let see: See | undefined;
    clauses.push({
      text: cut(part.trim(), MAX_CLAUSE),
      program,
      see: (context) => {
        see ??= compileSee(program.reads());
        return see(context);
      },
    });
    start += part.length + '&&'.length;
  }
  return { ok: true, value: clauses };
}

/** Why what comes to this type can't be a filter; undefined: it can. */
export function neverBoolean(type: string, example = 'body.action == "opened"'): string | undefined {
  const [name = ''] = type.split('<');
  if (name === 'bool' || name === 'dyn') return undefined;
  if (name === 'optional') return 'and this is an optional value; add .orValue(false)';
  return `and this is always ${TYPES_IN_WORDS[name] ?? name}: compare it, as in ${example}`;
}

const TYPES_IN_WORDS: Record<string, string> = {
  string: 'a text',
  int: 'a number',
  uint: 'a number',
  double: 'a number',
  calculation: 'the result of a calculation',
  list: 'a list',
  map: 'a map',
  null: 'null',
  bytes: 'bytes',
  type: 'the name of a type',
  'google.protobuf.Timestamp': 'a time',
  'google.protobuf.Duration': 'a length of time',
};

interface Clause {
  text: string;
  program: Program;
  /** Compiled when it is first asked for: most filters never are. */
  see: See;
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

function explainClause({ text, program, see }: Clause, context: Context): ClauseResult {
  const outcome = program.run(context, toBoolean);
  const values = see(context);
  if (outcome.ok) return { clause: text, result: outcome.value ? 'true' : 'false', values };
  if (outcome.missing) return { clause: text, result: 'missing', values };
  return { clause: text, result: 'error', message: outcome.error.message, values };
}

function toBoolean(value: unknown): boolean {
  if (typeof value !== 'boolean') throw failure('a filter must come to true or false');
  return value;
}
