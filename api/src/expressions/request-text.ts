import { type CompileBudget, makeCompileBudget } from './compile-budget.ts';
import type { Context } from './context.ts';
import { type Compiled, type ExpressionError, failure } from './errors.ts';
import { compileProgram } from './program.ts';
import { asText, Located, split } from './template.ts';
import { makeRoom, toJson } from './value.ts';

/** The results of the expressions in a destination's URL and headers for one event, by the text of the expression. */
export type RequestValues = Readonly<Record<string, string>>;

/** A URL or a header longer than this is of no use to anybody. */
const MAX_VALUE = 4_000;
const MAX_EXPRESSIONS = 50;

/** The texts between `{{` and `}}`; throws Located. */
function expressionsIn(text: string): string[] {
  if (!text.includes('{{')) return [];
  return split(text, '').flatMap((segment) => (typeof segment === 'string' ? [] : [segment.expression]));
}

/** Evaluates the expressions of some texts, each once. */
export interface RequestTexts {
  evaluate(context: Context): Compiled<RequestValues>;
}

/** Undefined: the texts hold no expressions, which costs nothing for an event. */
export function compileRequestTexts(
  texts: readonly string[],
  budget: CompileBudget = makeCompileBudget(),
): Compiled<RequestTexts> | undefined {
  const found = findAll(texts);
  if (!found.ok) return found;
  if (found.value.length === 0) return undefined;
  const programs: [text: string, program: ReturnType<typeof compileProgram>][] = found.value.map((text) => [
    text,
    compileProgram(text, budget),
  ]);
  for (const [, program] of programs) if (!program.ok) return program;
  return {
    ok: true,
    value: {
      evaluate(context) {
        const values: Record<string, string> = {};
        for (const [text, program] of programs) {
          if (!program.ok) return program;
          const outcome = program.value.run(context, toValue(context));
          if (!outcome.ok) return outcome;
          values[text] = outcome.value;
        }
        return { ok: true, value: values };
      },
    },
  };
}

function findAll(texts: readonly string[]): Compiled<string[]> {
  try {
    const all = [...new Set(texts.flatMap(expressionsIn))];
    return all.length > MAX_EXPRESSIONS
      ? { ok: false, error: { message: `There are more than ${MAX_EXPRESSIONS} expressions.` } }
      : { ok: true, value: all };
  } catch (error) {
    if (error instanceof Located) return { ok: false, error: error.error };
    throw error;
  }
}

function toValue(context: Context): (value: unknown) => string {
  return (value) => {
    const text = asText(toJson(value, makeRoom(context.meter)));
    if (text.length > MAX_VALUE) throw failure(`the result is longer than ${MAX_VALUE} characters`);
    return text;
  };
}

/** Puts the values in; undefined if one is missing: the text holds an expression that was not evaluated then. */
export function fillRequestText(
  text: string,
  values: RequestValues,
  write: (value: string) => string,
): string | undefined {
  if (!text.includes('{{')) return text;
  let filled = '';
  for (const segment of split(text, '')) {
    if (typeof segment === 'string') filled += segment;
    else if (Object.hasOwn(values, segment.expression)) filled += write(values[segment.expression] ?? '');
    else return undefined;
  }
  return filled;
}

/** A word in place of each value, for a test that has no event. */
export function sampleValues(texts: readonly string[]): RequestValues | null {
  const found = findAll(texts);
  const names = found.ok ? found.value : [];
  return names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, 'test']));
}

/** What is wrong with the expressions of one text; undefined: nothing. */
export function requestTextProblem(text: string, budget: CompileBudget): ExpressionError | undefined {
  const compiled = compileRequestTexts([text], budget);
  return compiled && !compiled.ok ? compiled.error : undefined;
}
