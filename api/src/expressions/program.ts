import type { Environment } from '@marcbachmann/cel-js';
import { asNode, children, descendants, isComprehension, type Node } from './ast.ts';
import { type CompileBudget, take } from './compile-budget.ts';
import { compilePattern } from './compile-pattern.ts';
import { type Context, EVENT_FIELDS, RESPONSE_VARIABLES, VARIABLES } from './context.ts';
import { makeEnvironment } from './environment.ts';
import { type Compiled, describe, type ExpressionError, failure, isMissing } from './errors.ts';
import { FUNCTIONS, guard } from './guards.ts';
import { type Meter, makeMeter } from './meter.ts';
import { readPaths } from './reads.ts';
import { EXHAUSTED, spend } from './work.ts';

/** Characters of one expression. */
const MAX_EXPRESSION = 5_000;

export type Outcome<T> =
  | { ok: true; value: T }
  /** `missing`: the event lacks what the expression reads; nothing is wrong with either. */
  | { ok: false; missing: boolean; error: ExpressionError };

/** A checked expression. `convert` turns the result into what the caller wants and may refuse it by `failure`. */
export interface Program {
  run<T>(context: Scope, convert: (value: unknown) => T): Outcome<T>;
  /** The paths of the event that it reads. */
  reads(): string[];
  /** What it comes to, as CEL names types; `dyn`: known only when it runs. `calculation`: a number or a text, by what it adds up. */
  type: string;
}

const OF_EVENTS = makeEnvironment();

/** The variables of an expression, and what it may still do. */
export type Scope = Context | { response: object; meter: Meter };

/** Text → program, within the static limits and what is left of the record's budget. A run is charged to the context's meter. */
export function compileProgram(
  text: string,
  budget: CompileBudget,
  environment: Environment = OF_EVENTS,
): Compiled<Program> {
  try {
    return { ok: true, value: compile(text, budget, environment) };
  } catch (error) {
    const variables = environment === OF_EVENTS ? VARIABLES : RESPONSE_VARIABLES;
    return { ok: false, error: describe(error, text, variables) };
  }
}

/** Checking one, which expands into several nodes, takes as long as checking so many others. */
const PARTS_OF_A_COMPREHENSION = 15;

function compile(text: string, budget: CompileBudget, environment: Environment): Program {
  take(budget, 1);
  if (text.length > MAX_EXPRESSION) throw failure(`the expression is longer than ${MAX_EXPRESSION} characters`);
  const evaluate = environment.parse(text);
  const root = asNode(evaluate.ast);
  const nodes = descendants(root);
  take(budget, nodes.length + PARTS_OF_A_COMPREHENSION * nodes.filter(isComprehension).length);
  for (const node of nodes) checkNode(node, budget);
  const checked = evaluate.check();
  if (!checked.valid) throw checked.error;
  const charged = { meter: makeMeter() };
  for (const node of nodes) guard(node, isComprehension(node) ? bodyNodes(node).length : 0, charged);

  return {
    run(context, convert) {
      const { meter } = context;
      charged.meter = meter;
      try {
        spend(meter, nodes.length);
        const value = convert(evaluate(context));
        // `exists` and `||` swallow errors when something else decides; this one counts all the same.
        if (meter.exhausted) throw EXHAUSTED;
        return { ok: true, value };
      } catch (error) {
        const cause = meter.exhausted ? EXHAUSTED : error;
        return { ok: false, missing: isMissing(cause), error: describe(cause, text) };
      }
    },
    reads: () => readPaths(root, text),
    type: checked.type === 'dyn' && CALCULATIONS.has(root.op) ? 'calculation' : String(checked.type),
  };
}

const CALCULATIONS = new Set<string>(['+', '-', '*', '/', '%', '-_']);

/** Rules that the library has no word for. */
function checkNode(node: Node, budget: CompileBudget): void {
  if (node.op === 'call' || node.op === 'rcall') checkCall(node, budget);
  if (node.op === '.' || node.op === '[]' || node.op === '.?' || node.op === '[?]') checkField(node);
  if (node.op === 'map') checkKeys(node);
  if (isComprehension(node)) {
    const nested = bodyNodes(node).find(isComprehension);
    if (nested) throw failure('the functions all, exists, exists_one, map and filter can not be nested', nested);
  }
}

function checkCall(node: Node, budget: CompileBudget): void {
  const name = (node.args as [string])[0];
  if (!Object.hasOwn(FUNCTIONS, name)) {
    const known = SYNONYMS[name.toLowerCase()];
    throw failure(`there is no function ${name}${known ? `; use ${known}` : ''}`, node);
  }
  if (node.op === 'rcall' && name === 'matches') replacePattern(node, budget);
}

/** The library drops these keys without a word. */
const DROPPED = ['constructor', 'prototype', '__proto__'];

function checkKeys(node: Node): void {
  for (const [key] of node.args as [Node, Node][]) {
    const text = literalText(key);
    if (text === undefined) throw failure('the keys of a map must be literal texts', key);
    if (DROPPED.includes(text)) throw failure(`a map can not have a key ${text} here`, key);
  }
}

/** What people try first. */
const SYNONYMS: Record<string, string> = {
  length: 'size',
  len: 'size',
  count: 'size',
  includes: 'contains',
  lower: 'lowerAscii',
  tolowercase: 'lowerAscii',
  upper: 'upperAscii',
  touppercase: 'upperAscii',
  default: '.?key.orValue(…)',
  round: 'fixed(number, 0)',
  parsejson: 'jsonDecode',
  fromjson: 'jsonDecode',
  tojson: 'jsonEncode',
  atob: 'base64Decode',
  btoa: 'base64Encode',
  encodeuricomponent: 'text.escapeUrl()',
  urlencode: 'text.escapeUrl()',
  strftime: 'format(time, pattern)',
};

/** Replaces the pattern's text by the compiled RE2, for which the environment has an overload of its own. */
function replacePattern(node: Node, budget: CompileBudget): void {
  const pattern = (node.args as [string, Node, Node[]])[2][0];
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string') {
    throw failure('the pattern of matches() must be a literal text', pattern ?? node);
  }
  pattern.args = compilePattern(pattern, pattern.args, budget);
}

/** Keys that can't ever be there: better said when the expression is saved than never. */
function checkField(node: Node): void {
  const [owner, right] = node.args as [Node, unknown];
  if (owner.op !== 'id') return;
  const key = typeof right === 'string' ? right : literalText(right as Node);
  if (key === undefined) return;
  if (owner.args === 'headers' && key !== key.toLowerCase()) {
    throw failure(`header names are in lower case here: headers["${key.toLowerCase()}"]`, node);
  }
  if (owner.args === 'event' && !(EVENT_FIELDS as readonly string[]).includes(key)) {
    throw failure(`event has no ${key}; it has ${EVENT_FIELDS.join(', ')}`, node);
  }
}

function literalText(node: Node): string | undefined {
  return node.op === 'value' && typeof node.args === 'string' ? node.args : undefined;
}

/** What a comprehension evaluates for each element. */
function bodyNodes(node: Node): Node[] {
  const [, ...args] = children(node);
  return args.flatMap(descendants);
}
