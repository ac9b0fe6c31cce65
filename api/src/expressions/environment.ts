import { Environment } from '@marcbachmann/cel-js';
import { failure } from './errors.ts';
import { registerFunctions } from './functions.ts';
import { Pattern } from './pattern.ts';

/** Static limits of one expression; they keep the cost of all but a few functions linear in the input. */
const MAX_AST_NODES = 500;
const MAX_DEPTH = 32;

/**
 * CEL as Pockethook speaks it: lists and maps of mixed types, `.?key` and `.orValue()`, JSON numbers and
 * whole numbers in one calculation, and `matches` by RE2, whose time is linear in the text.
 */
export function makeEnvironment(): Environment {
  const environment = makeBareEnvironment();
  for (const name of ['body', 'headers', 'query', 'event', 'data']) environment.registerVariable(name, 'dyn');
  for (const name of ['method', 'source']) environment.registerVariable(name, 'string');
  return environment;
}

/** The same over `response`: what a receiver answered. */
export function makeResponseEnvironment(): Environment {
  const environment = makeBareEnvironment();
  environment.registerVariable('response', 'dyn');
  return environment;
}

function makeBareEnvironment(): Environment {
  const environment = new Environment({
    homogeneousAggregateLiterals: false,
    enableOptionalTypes: true,
    limits: { maxAstNodes: MAX_AST_NODES, maxDepth: MAX_DEPTH },
  });
  registerNumbers(environment);
  registerFunctions(environment);
  environment.registerType('Pattern', { ctor: Pattern });
  environment.registerFunction(
    'string.matches(Pattern): bool',
    (text: string, pattern: Pattern) => pattern.isIn(text),
    SYNC,
  );
  return environment;
}

const SYNC = { async: false };

/** JSON numbers are doubles to CEL and literals like `1` are ints; the standard has no operator for the two together. */
function registerNumbers(environment: Environment): void {
  for (const [operator, calculate] of Object.entries(ARITHMETIC)) {
    const mixed = (a: number | bigint, b: number | bigint) => calculate(toDouble(a), toDouble(b));
    environment.registerOperator(`int ${operator} double: double`, mixed);
    environment.registerOperator(`double ${operator} int: double`, mixed);
  }
  environment.registerOperator('double % double: double', remainder);
  // biome-ignore lint/suspicious/noDoubleEquals: only == compares a bigint with a number, and exactly.
  environment.registerOperator('int == double: bool', (a: number | bigint, b: number | bigint) => a == b);
}

const ARITHMETIC: Record<string, (a: number, b: number) => number> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => {
    if (b === 0) throw failure('division by zero');
    return a / b;
  },
  '%': remainder,
};

function remainder(a: number, b: number): number {
  if (b === 0) throw failure('modulo by zero');
  return a % b;
}

/** Refuses to lose digits in silence. */
function toDouble(value: number | bigint): number {
  const double = Number(value);
  if (typeof value === 'bigint' && !Number.isSafeInteger(double)) {
    throw failure('a whole number beyond 2^53 can not be calculated with other numbers; use int(…) on both');
  }
  return double;
}
