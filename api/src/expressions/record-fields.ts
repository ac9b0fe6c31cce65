/** What is wrong with the fields of records that hold expressions, for whoever saves them. */

import type { CompileBudget } from './compile-budget.ts';
import type { Compiled, ExpressionError } from './errors.ts';
import { compileExpression, compileList } from './expression.ts';
import { compileFilter } from './filter.ts';
import { requestTextProblem } from './request-text.ts';
import { compileSuccess } from './response.ts';
import { compileTemplate } from './template.ts';

/** What is wrong with the text of a field; undefined: nothing. A JSON field comes as its JSON text. */
export type CheckField = (text: string, budget: CompileBudget) => string | undefined;

const MAX_EXTRACTION_RULES = 50;

/** An expression; empty: there is none. */
export const checkOptional: CheckField = (text, budget) =>
  text.trim() === '' ? undefined : problemOf(compileExpression(text, budget));

/** An expression for a list; empty: there is none. */
export const checkList: CheckField = (text, budget) =>
  text.trim() === '' ? undefined : problemOf(compileList(text, budget));

export const checkFilter: CheckField = (text, budget) => problemOf(compileFilter(text, budget));

export const checkTemplate: CheckField = (json, budget) => {
  const template = parseField(json);
  if (template === null || template === '') return undefined;
  if (template === undefined) return 'This is not valid JSON.';
  return problemOf(compileTemplate(template, budget));
};

/** A map of names to expressions. */
export const checkExtraction: CheckField = (json, budget) => {
  const rules = parseField(json);
  if (rules === null) return undefined;
  if (typeof rules !== 'object' || Array.isArray(rules)) {
    return 'Extraction rules are a map of names to expressions, such as {"title": "body.issue.title"}.';
  }
  const entries = Object.entries(rules as object);
  if (entries.length > MAX_EXTRACTION_RULES) return `There are more than ${MAX_EXTRACTION_RULES} extraction rules.`;
  for (const [name, rule] of entries) {
    const problem = checkRule(name, rule, budget);
    if (problem) return `In "${name}": ${problem}`;
  }
  return undefined;
};

/** A URL whose path and query may hold `{{ expression }}`. */
export const checkRequestUrl: CheckField = (url, budget) => {
  const origin = /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? url;
  if (origin.includes('{{')) return 'Expressions may stand in the path and the query only, never in the host.';
  return messageOf(requestTextProblem(url, budget));
};

/** An expression over `response` that is true or false; empty: there is none. */
export const checkSuccess: CheckField = (text, budget) =>
  text.trim() === '' ? undefined : problemOf(compileSuccess(text, budget));

/** A map of names to values that may hold `{{ expression }}`. */
export const checkRequestHeaders: CheckField = (json, budget) => {
  const headers = parseField(json);
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return undefined;
  for (const [name, value] of Object.entries(headers)) {
    if (name.includes('{{')) return `In "${name}": The name of a header can not hold an expression.`;
    const problem = typeof value === 'string' ? messageOf(requestTextProblem(value, budget)) : undefined;
    if (problem) return `In "${name}": ${problem}`;
  }
  return undefined;
};

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const RESERVED = ['constructor', 'prototype', '__proto__'];

function checkRule(name: string, rule: unknown, budget: CompileBudget): string | undefined {
  if (!NAME.test(name) || RESERVED.includes(name)) {
    return 'A name is made of letters, digits and _, and begins with no digit.';
  }
  if (typeof rule !== 'string') return 'The rule must be an expression in quotes, such as "body.issue.title".';
  return problemOf(compileExpression(rule, budget));
}

/** null for an empty field, undefined for what is no JSON. */
function parseField(json: string): unknown {
  if (json.trim() === '') return null;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function problemOf(compiled: Compiled<unknown>): string | undefined {
  return compiled.ok ? undefined : messageOf(compiled.error);
}

function messageOf(error: ExpressionError | undefined): string | undefined {
  if (!error) return undefined;
  const { message, where } = error;
  return where ? `In ${where}: ${message}` : message;
}
