import { RE2JS, RE2JSSyntaxException } from 're2js';
import { asNode, children, descendants, isComprehension, type Node } from './ast.ts';
import { type Context, EVENT_FIELDS } from './context.ts';
import { makeEnvironment } from './environment.ts';
import { type Compiled, describe, type ExpressionError, failure, isMissing } from './errors.ts';
import { FUNCTIONS, guard } from './guards.ts';
import { readPaths } from './reads.ts';
import { EXHAUSTED, type Meter } from './work.ts';

/** Characters of one expression. */
const MAX_EXPRESSION = 5_000;

export type Outcome<T> =
  | { ok: true; value: T }
  /** `missing`: the event lacks what the expression reads; nothing is wrong with either. */
  | { ok: false; missing: boolean; error: ExpressionError };

/** A checked expression. `convert` turns the result into what the caller wants and may refuse it by `failure`. */
export interface Program {
  run<T>(context: Context, convert: (value: unknown) => T): Outcome<T>;
  /** The paths of the event that it reads. */
  reads(): string[];
}

const environment = makeEnvironment();

/** Text → program, within the static limits. Its work is charged to `meter`, which the caller fills before a run. */
export function compileProgram(text: string, meter: Meter): Compiled<Program> {
  try {
    return { ok: true, value: compile(text, meter) };
  } catch (error) {
    return { ok: false, error: describe(error, text) };
  }
}

function compile(text: string, meter: Meter): Program {
  if (text.length > MAX_EXPRESSION) throw failure(`the expression is longer than ${MAX_EXPRESSION} characters`);
  const evaluate = environment.parse(text);
  const root = asNode(evaluate.ast);
  const nodes = descendants(root);
  for (const node of nodes) checkNode(node);
  const checked = evaluate.check();
  if (!checked.valid) throw checked.error;
  for (const node of nodes) guard(node, isComprehension(node) ? bodyNodes(node).length : 0, meter);

  return {
    run(context, convert) {
      try {
        const value = convert(evaluate(context));
        // `exists` and `||` swallow errors when something else decides; this one counts all the same.
        if (meter.left < 0) throw EXHAUSTED;
        return { ok: true, value };
      } catch (error) {
        const cause = meter.left < 0 ? EXHAUSTED : error;
        return { ok: false, missing: isMissing(cause), error: describe(cause, text) };
      }
    },
    reads: () => readPaths(root, text),
  };
}

/** Rules that the library has no word for. */
function checkNode(node: Node): void {
  if (node.op === 'call' || node.op === 'rcall') checkCall(node);
  if (node.op === '.' || node.op === '[]' || node.op === '.?' || node.op === '[?]') checkField(node);
  if (node.op === 'map') checkKeys(node);
  if (isComprehension(node)) {
    const nested = bodyNodes(node).find(isComprehension);
    if (nested) throw failure('the functions all, exists, exists_one, map and filter can not be nested', nested);
  }
}

function checkCall(node: Node): void {
  const name = (node.args as [string])[0];
  if (!Object.hasOwn(FUNCTIONS, name)) {
    const known = SYNONYMS[name.toLowerCase()];
    throw failure(`there is no function ${name}${known ? `; use ${known}` : ''}`, node);
  }
  if (node.op === 'rcall' && name === 'matches') compilePattern(node);
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
};

/** Replaces the pattern's text by the compiled RE2, for which the environment has an overload of its own. */
function compilePattern(node: Node): void {
  const pattern = (node.args as [string, Node, Node[]])[2][0];
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string') {
    throw failure('the pattern of matches() must be a literal text', pattern ?? node);
  }
  try {
    pattern.args = RE2JS.compile(pattern.args);
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    throw failure(`the pattern is not valid RE2: ${error.message}`, pattern);
  }
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
