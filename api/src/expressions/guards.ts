import type { Handle, Node } from './ast.ts';
import { failure } from './errors.ts';
import type { Meter } from './meter.ts';
import type { Pattern } from './pattern.ts';
import { TIME_FUNCTIONS } from './times.ts';
import { ensureLength, spend, weigh, weighSearch } from './work.ts';

/** The meter of the event that the expression is evaluated for at the moment. */
export interface Charged {
  meter: Meter;
}

/**
 * Makes a checked node pay for its work before it does it. The library keeps what a node does in `handle`: for
 * operators `(left, right, …)`, for functions `(arguments, …)` with the receiver first, for `map`, `exists` and
 * the like `(items, …)`.
 */
export function guard(node: Node, stepNodes: number, charged: Charged): void {
  const target = node.meta.alternate ?? node;
  const handle = target.handle && corrected(target, target.handle);
  if (!handle) return;
  const cost = costOf(target, stepNodes);
  if (!cost) return;
  if (target.op === 'comprehension') chargeErrors(target.args as { step: Node }, charged);
  target.handle = (first, second, third, fourth) => {
    spend(charged.meter, cost(first, second, charged.meter));
    return handle(first, second, third, fourth);
  };
}

function corrected(node: Node, handle: Handle): Handle {
  const correct = node.op === 'call' || node.op === 'rcall' ? TIME_FUNCTIONS[(node.args as [string])[0]] : undefined;
  if (!correct) return handle;
  return (args, second, third, fourth) => correct(args as unknown[]) ?? handle(args, second, third, fourth);
}

/** `exists` and `all` go on after an error, and making one takes longer than many elements without. */
function chargeErrors(comprehension: { step: Node }, charged: Charged): void {
  const { step } = comprehension;
  comprehension.step = {
    ...step,
    evaluate(evaluator, _node, context) {
      spend(charged.meter, 0);
      try {
        return step.evaluate(evaluator, step, context);
      } catch (error) {
        spend(charged.meter, STEPS_OF_AN_ERROR);
        throw error;
      }
    },
  };
}

const STEPS_OF_AN_ERROR = 200;

type Cost = (first: unknown, second: unknown, meter: Meter) => number;

function costOf(node: Node, stepNodes: number): Cost | undefined {
  if (node.op === 'comprehension') return (items) => lengthOf(items) * (1 + stepNodes);
  if (node.op === 'call' || node.op === 'rcall') {
    const cost = FUNCTIONS[(node.args as [string])[0]];
    return cost && ((args, _second, meter) => cost(args as unknown[], meter));
  }
  return OPERATORS[node.op];
}

const OPERATORS: Record<string, Cost> = {
  '[]': (_owner, key) => ofKey(key),
  '[?]': (_owner, key) => ofKey(key),
  '+': (left, right) => {
    if (typeof left === 'string' && typeof right === 'string') ensureLength(left.length + right.length, 0);
    if (!Array.isArray(left) || !Array.isArray(right)) return 1;
    ensureLength(0, left.length + right.length);
    return left.length + right.length;
  },
  '==': (left, right, meter) => weigh(left, meter.left) + weigh(right, meter.left),
  '!=': (left, right, meter) => weigh(left, meter.left) + weigh(right, meter.left),
  in: (left, right, meter) => {
    if (!Array.isArray(right)) return ofKey(left);
    return weigh(left, meter.left) + (isComposite(left) ? weigh(right, meter.left) : right.length);
  },
};

/** A list as a key would be written out as a text, whatever its size. */
function ofKey(key: unknown): number {
  if (isComposite(key)) throw failure('a key must be a text or a number');
  return 1;
}

type FunctionCost = (args: unknown[], meter: Meter) => number;

const ofAll: FunctionCost = (args, meter) => args.reduce<number>((sum, arg) => sum + weigh(arg, meter.left), 0);
/** Reading a number or a time out of a text, or writing one. */
const ofConversion: FunctionCost = (args, meter) => 3 + ofAll(args, meter);
const ofSearch: FunctionCost = (args) => weighSearch(textOf(args[0]), textOf(args[1]));
/** Calendar arithmetic in a named time zone is the engine's slowest call. */
const ofZone: FunctionCost = (args) => (args.length > 1 ? 2_000 : 1);

/** A character becomes up to nine: `%E6%BC%A2`. */
const ofEscape: FunctionCost = (args) => {
  const { length } = textOf(args[0]);
  ensureLength(length * 9, 0);
  return 1 + length / 2;
};

/** Every function there is; what isn't here can't be called. Those without a number are expanded before anything runs. */
export const FUNCTIONS: Record<string, FunctionCost | undefined> = {
  has: undefined,
  all: undefined,
  exists: undefined,
  exists_one: undefined,
  map: undefined,
  filter: undefined,
  bind: undefined,
  or: undefined,
  orValue: undefined,
  size: (args) => (Array.isArray(args[0]) ? 1 : lengthOf(args[0]) / 8),
  value: () => 1,
  hasValue: () => 1,
  of: () => 1,
  none: () => 1,
  dyn: ofAll,
  type: ofAll,
  string: ofConversion,
  int: ofConversion,
  uint: ofConversion,
  double: ofConversion,
  bool: ofAll,
  fixed: ofConversion,
  timestamp: ofConversion,
  duration: (args, meter) => 3 * ofConversion(args, meter),
  startsWith: ofAll,
  endsWith: ofAll,
  lowerAscii: ofAll,
  upperAscii: ofAll,
  trim: ofAll,
  // It goes through the code points one by one.
  truncate: (args) => 1 + Math.min(textOf(args[0]).length, 2 * Number(args[1])) / 4,
  substring: ofAll,
  contains: ofSearch,
  indexOf: ofSearch,
  lastIndexOf: ofSearch,
  split: (args, meter) => ofSearch(args, meter) + textOf(args[0]).length,
  replace: (args) => {
    const [text, search, replacement] = args.map(textOf) as [string, string, string];
    ensureLength((text.length / Math.max(1, search.length) + 1) * replacement.length, 0);
    return weighSearch(text, search) + text.length;
  },
  join: (args, meter) => {
    const separator = textOf(args[1]).length;
    const list = Array.isArray(args[0]) ? args[0] : [];
    ensureLength(
      list.reduce<number>((sum, text) => sum + separator + textOf(text).length, 0),
      0,
    );
    return weigh(list, meter.left);
  },
  format: (args, meter) => ofConversion(args, meter) + textOf(args[1]).length * 2 + (args.length > 2 ? 2_000 : 0),
  // Values take longer than characters: at worst one is made of every second character.
  jsonDecode: (args) => 3 + textOf(args[0]).length / 3,
  jsonEncode: (args, meter) => 3 + 4 * weigh(args[0], meter.left),
  base64Decode: ofConversion,
  base64Encode: (args, meter) => {
    ensureLength(textOf(args[0]).length * 2, 0);
    return ofConversion(args, meter);
  },
  sha256: (args, meter) => 10 + 2 * ofAll(args, meter),
  escapeHtml: ofEscape,
  escapeUrl: ofEscape,
  escapeMarkdown: ofEscape,
  matches: (args) => 1 + (textOf(args[0]).length * (args[1] as Pattern).size) / INSTRUCTIONS_PER_STEP,
  getDate: ofZone,
  getDayOfMonth: ofZone,
  getDayOfWeek: ofZone,
  getDayOfYear: ofZone,
  getFullYear: ofZone,
  getHours: ofZone,
  getMilliseconds: ofZone,
  getMinutes: ofZone,
  getMonth: ofZone,
  getSeconds: ofZone,
};

/** RE2 looks at each character with each instruction of the pattern, at worst. */
const INSTRUCTIONS_PER_STEP = 2;

/** Anything else than a text is refused by the function itself, and must not be written out before that. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isComposite(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Characters, elements or keys. */
function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (value instanceof Map) return value.size;
  return isComposite(value) ? Object.keys(value as object).length : 1;
}
