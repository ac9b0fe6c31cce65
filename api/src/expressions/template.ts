import { EvaluationError } from '@marcbachmann/cel-js';
import { type CompileBudget, makeCompileBudget, take } from './compile-budget.ts';
import type { Context } from './context.ts';
import { type Compiled, describe, type ExpressionError } from './errors.ts';
import { stringifyJson } from './json.ts';
import { compileProgram, type Program } from './program.ts';
import { findCode } from './scan.ts';
import { makeRoom, type Room, toJson } from './value.ts';
import { spend } from './work.ts';

export type Rendered = Compiled<unknown>;

/** A JSON value or a text whose strings may hold `{{ expression }}`. */
export interface CompiledTemplate {
  /** A JSON value of at most MAX_TEXT characters; a string if the template is a text. */
  render(context: Context): Rendered;
}

/** Characters of a template as JSON, and expressions in it. */
const MAX_TEMPLATE = 100_000;
export const MAX_TEMPLATE_EXPRESSIONS = 200;
const MAX_TEMPLATE_NESTING = 32;

/** @param budget of the record that the template stands in */
export function compileTemplate(
  template: unknown,
  budget: CompileBudget = makeCompileBudget(),
): Compiled<CompiledTemplate> {
  const state: State = { budget, expressions: 0, values: 0 };
  return attempt(() => {
    const whole = compileWhole(template, state);
    return {
      render: (context) =>
        attempt(() => {
          spend(context.meter, state.values);
          return whole(context, makeRoom(context.meter));
        }),
    };
  });
}

function compileWhole(template: unknown, state: State): Part {
  const length = stringifyJson(template).length;
  if (length > MAX_TEMPLATE) throw located('', `The template is longer than ${MAX_TEMPLATE} characters.`);
  return compilePart(template, '', state, 0);
}

function attempt<T>(work: () => T): Compiled<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    if (error instanceof Located) return { ok: false, error: error.error };
    if (error instanceof EvaluationError) return { ok: false, error: describe(error, '') };
    throw error;
  }
}

/** One value of the template, ready to be rendered; throws Located. */
type Part = (context: Context, room: Room) => unknown;

interface State {
  budget: CompileBudget;
  expressions: number;
  /** Texts, numbers, lists and maps of the template itself. */
  values: number;
}

/** A value of the template costs so much of what a part of an expression costs. */
const PARTS_OF_A_VALUE = 0.2;

/** Leaves the tree of parts from any depth; never leaves this folder. */
export class Located extends Error {
  readonly error: ExpressionError;
  constructor(error: ExpressionError) {
    super(error.message);
    this.error = error;
  }
}

function located(where: string, message: string): Located {
  return locatedError(where, { message });
}

function locatedError(where: string, error: ExpressionError): Located {
  return new Located(where === '' ? error : { ...error, where });
}

function compilePart(template: unknown, where: string, state: State, depth: number): Part {
  if (depth > MAX_TEMPLATE_NESTING)
    throw located(where, `The template nests deeper than ${MAX_TEMPLATE_NESTING} levels.`);
  take(state.budget, PARTS_OF_A_VALUE);
  state.values++;
  if (typeof template === 'string') return compileText(template, where, state);
  if (Array.isArray(template)) {
    const parts = template.map((element, i) => compilePart(element, `${where}[${i}]`, state, depth + 1));
    return (context, room) => parts.map((part) => part(context, room));
  }
  if (typeof template === 'object' && template !== null) return compileMap(template, where, state, depth);
  return () => template;
}

function compileMap(template: object, where: string, state: State, depth: number): Part {
  const parts = Object.entries(template).map(([key, member]): [string, Part] => {
    if (key.includes('{{')) throw located(where, `A key can not hold an expression: ${key.slice(0, 60)}.`);
    return [key, compilePart(member, where === '' ? key : `${where}.${key}`, state, depth + 1)];
  });
  return (context, room) => Object.fromEntries(parts.map(([key, part]) => [key, part(context, room)]));
}

/** A string that is one expression and nothing else keeps the result's type; any other is a text. */
function compileText(text: string, where: string, state: State): Part {
  const segments = split(text, where).map((segment) =>
    typeof segment === 'string' ? segment : compileSegment(segment.expression, where, state),
  );
  const [only] = segments;
  if (segments.length === 0) return () => '';
  if (segments.length === 1 && only !== undefined) {
    return typeof only === 'string' ? () => only : (context, room) => evaluate(only, context, room, where);
  }
  return (context, room) => {
    let result = '';
    for (const segment of segments) {
      result += typeof segment === 'string' ? segment : asText(evaluate(segment, context, room, where));
    }
    return result;
  };
}

/** Inside a text: a text as it is, nothing for null, JSON for everything else. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === null ? '' : stringifyJson(value);
}

function compileSegment(text: string, where: string, state: State): Program {
  if (++state.expressions > MAX_TEMPLATE_EXPRESSIONS) {
    throw located(where, `The template has more than ${MAX_TEMPLATE_EXPRESSIONS} expressions.`);
  }
  const compiled = compileProgram(text, state.budget);
  if (!compiled.ok) throw locatedError(where, compiled.error);
  return compiled.value;
}

function evaluate(program: Program, context: Context, room: Room, where: string): unknown {
  const outcome = program.run(context, (value) => toJson(value, room));
  if (!outcome.ok) throw locatedError(where, outcome.error);
  return outcome.value;
}

/** `a {{ b }} c` → texts and expressions, in order. */
export function split(text: string, where: string): (string | { expression: string })[] {
  const segments: (string | { expression: string })[] = [];
  let from = 0;
  for (let open = text.indexOf('{{'); open !== -1; open = text.indexOf('{{', from)) {
    const close = findCode(text, open + 2, (i, depth) => depth === 0 && text.startsWith('}}', i));
    if (close === -1) throw located(where, `{{ without }} near \`${text.slice(open, open + 40)}\`.`);
    if (open > from) segments.push(text.slice(from, open));
    segments.push({ expression: text.slice(open + 2, close).trim() });
    from = close + 2;
  }
  if (from < text.length) segments.push(text.slice(from));
  return segments;
}
