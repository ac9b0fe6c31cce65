import type { CompileBudget } from './compile-budget.ts';
import { makeCompileBudget } from './compile-budget.ts';
import { makeResponseEnvironment } from './environment.ts';
import { type Compiled, type ExpressionError, failure } from './errors.ts';
import { neverBoolean } from './filter.ts';
import { parseJson } from './json.ts';
import { makeMeter } from './meter.ts';
import { compileProgram } from './program.ts';
import { shield } from './shield.ts';

/** What a receiver answered, as expressions read it. */
export interface ResponseParts {
  status: number;
  /** By lower-case name. */
  headers: Readonly<Record<string, string>>;
  /** As text, up to 64 KiB. */
  body: string;
}

/** An expression over `response`: whether the receiver took the request. */
export interface SuccessRule {
  /** `error`: it failed. What the response doesn't have is no error, but no success. */
  evaluate(response: ResponseParts): { success: boolean; error?: ExpressionError };
}

const environment = makeResponseEnvironment();

export function compileSuccess(text: string, budget: CompileBudget = makeCompileBudget()): Compiled<SuccessRule> {
  const compiled = compileProgram(text, budget, environment);
  if (!compiled.ok) return compiled;
  const { run, type } = compiled.value;
  const never = neverBoolean(type, 'response.json.code == 0');
  if (never) return { ok: false, error: { message: `success must come to true or false, ${never}` } };
  return {
    ok: true,
    value: {
      evaluate({ status, headers, body }) {
        const json = parseJson(body.replace(/^\ufeff/, ''));
        const response = { status, headers: shield(headers), body, json: json.ok ? shield(json.value) : null };
        const outcome = run({ response, meter: makeMeter() }, (value) => {
          if (typeof value !== 'boolean') throw failure('it must come to true or false');
          return value;
        });
        if (outcome.ok) return { success: outcome.value };
        return outcome.missing ? { success: false } : { success: false, error: outcome.error };
      },
    },
  };
}
