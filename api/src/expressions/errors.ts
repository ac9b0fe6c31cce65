import { TypeError as CheckError, EvaluationError, ParseError } from '@marcbachmann/cel-js';
import { VARIABLES } from './context.ts';

/** What is wrong with an expression or a template, in words for the person who wrote it. Never a payload's value. */
export interface ExpressionError {
  /** One sentence, at most 300 characters, the position included. */
  message: string;
  /** In a template: the JSON path of the string, such as `embeds[0].title`. */
  where?: string;
  /** From 1, inside the expression. */
  line?: number;
  column?: number;
}

/** An expression, filter or template that can be used, or why it can't. */
export type Compiled<T> = { ok: true; value: T } | { ok: false; error: ExpressionError };

const MAX_MESSAGE = 300;
const MAX_NEAR = 40;

/** A rule of ours that an expression breaks, at compile time or while it runs. */
export function failure(message: string, range?: { start: number; end: number }): EvaluationError {
  return new EvaluationError({ code: OUR_RULE, message, ...(range && { range }) });
}

/** Whether the error means no more than that the payload lacks what the expression reads. */
export function isMissing(error: unknown): boolean {
  return error instanceof EvaluationError && MISSING.has(error.code);
}

/** Any error of parsing, checking or evaluating `text` → what to show. `variables`: those that there are. */
export function describe(error: unknown, text: string, variables: readonly string[] = VARIABLES): ExpressionError {
  if (!isCelError(error)) return { message: 'The expression can not be evaluated for this event.' };
  const sentence = DESCRIPTIONS[error.code]?.(error, variables) ?? capitalized(error.summary);
  if (!error.range) return { message: cut(`${sentence}.`, MAX_MESSAGE) };

  const { line, column } = locate(text, error.range.start);
  const near = text.slice(error.range.start, error.range.end).trim() || text.slice(error.range.start).trim();
  const place = `line ${line}, column ${column}${near ? `, near \`${cut(near, MAX_NEAR)}\`` : ''}`;
  return { message: `${cut(sentence, MAX_MESSAGE - place.length - 4)} (${place}).`, line, column };
}

type CelError = EvaluationError | ParseError | CheckError;

const OUR_RULE = 'our_rule';
const MISSING = new Set(['no_such_key', 'index_out_of_bounds', 'optional_value_missing']);

/** Errors whose own words are cryptic, or could quote the payload. The rest speak of the expression's text and types only. */
const DESCRIPTIONS: Record<string, (error: CelError, variables: readonly string[]) => string> = {
  no_such_key: (error) => {
    const key = missingKey(error);
    return `${key ? `There is no "${key}" in this event` : 'There is no such key in this event'}; use .?key with .orValue(…) for a default`;
  },
  index_out_of_bounds: () => 'The list in this event has no element with this index',
  optional_value_missing: () => 'The optional value is missing; add .orValue(…)',
  unknown_variable: (error, variables) =>
    `${error.summary}; there ${variables.length === 1 ? 'is' : 'are'} ${variables.join(', ')}`,
  unexpected_character: (error) => {
    const character = /'?(.)'?$/u.exec(error.summary)?.[1] ?? '';
    const hint = { '=': '; compare with ==', '&': '; "and" is written &&', '|': '; "or" is written ||' }[character];
    return `Unexpected character ${character}${hint ?? ''}`;
  },
  unexpected_token: (error) => {
    const token = error.summary.split(': ').at(-1) ?? '';
    return token === 'EOF' ? 'The expression ends too early' : `Unexpected ${symbol(token)}`;
  },
  expected_token: (error) => {
    const [, expected = '', actual = ''] = /Expected (\w+), got (\w+)/.exec(error.summary) ?? [];
    return `Expected ${symbol(expected)} but found ${symbol(actual)}`;
  },
  limit_exceeded: (error) =>
    `The expression is too ${error.summary.includes('Depth') ? 'deeply nested' : 'long'}: ${error.summary}`,
  no_such_overload: (error) => {
    const types = plainTypes(error.summary.replace('no such overload: ', ''));
    const hint = / \+ /.test(types) && types.includes('string') ? '; string(…) makes a text of a value' : '';
    return `This operator does not work on these values: ${types}${hint}`;
  },
  no_matching_overload: (error) => {
    const call = /'(.*)'/s.exec(error.summary)?.[1] ?? '';
    const hint = call.includes('double') ? '; int(…) makes a whole number' : '';
    return `The function is not defined for these values: ${plainTypes(call)}${hint}`;
  },
  invalid_logical_operand: (error) => `&& and || need true or false on both sides${gotType(error)}`,
  invalid_condition_type: (error) => `A condition must be true or false${gotType(error)}`,
  invalid_comprehension_range: () => 'This function needs a list or a map',
  incompatible_ternary_branches: () => 'Both results of ? : must be of one type; dyn(…) makes any value fit',
  numeric_overflow: () => 'The whole number leaves the range of 64 bits',
  bool_conversion_error: () => 'bool() can not convert this value',
  int_conversion_error: () => 'int() can not convert this value',
  invalid_timestamp: () => 'timestamp() needs a time such as "2026-01-31T12:00:00Z", with any fraction and offset',
  invalid_duration: () => 'duration() needs a length of time such as "90s" or "2h30m"',
  unsupported_type: () => 'The value is of a kind that expressions do not know',
};

function isCelError(error: unknown): error is CelError {
  return error instanceof EvaluationError || error instanceof ParseError || error instanceof CheckError;
}

/** The key, if the expression itself names it: a computed key may be the payload's. */
function missingKey(error: CelError): string | undefined {
  const node = error.node as { op?: string; args?: unknown } | undefined;
  if (!Array.isArray(node?.args)) return undefined;
  const key: unknown = node.args[1];
  if (node.op === '.' || node.op === '.?') return key as string;
  const literal = key as { op?: string; args?: unknown };
  return literal.op === 'value' && typeof literal.args === 'string' ? literal.args : undefined;
}

function gotType(error: CelError): string {
  const type = /got '(.*)'/.exec(error.summary)?.[1];
  return type ? `, not ${plainTypes(type)}` : '';
}

/** The library's type names → words for JSON values: `map<string, dyn<int>>` is a map, innermost first. */
function plainTypes(text: string): string {
  const plainer = text.replace(/\b(list|map|optional)<[^<>]*>/g, '$1').replace(/\bdyn<([^<>]*)>/g, '$1');
  if (plainer !== text) return plainTypes(plainer);
  return text.replace(/\b(double|int|uint)\b/g, 'number').replace(/\bdyn\b/g, 'value');
}

const SYMBOLS: Record<string, string> = {
  EOF: 'the end',
  LPAREN: '(',
  RPAREN: ')',
  LBRACKET: '[',
  RBRACKET: ']',
  LBRACE: '{',
  RBRACE: '}',
  COMMA: ',',
  COLON: ':',
  DOT: '.',
  QUESTION: '?',
  IDENTIFIER: 'a name',
};

function symbol(token: string): string {
  return SYMBOLS[token] ?? token.toLowerCase();
}

function locate(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** Names of functions keep their small letters. */
function capitalized(text: string): string {
  if (/^\w+\(/.test(text)) return text;
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
