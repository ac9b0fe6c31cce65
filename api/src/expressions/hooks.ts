/** Entry of the bundle that PocketBase's hooks load: what is wrong with a record's expressions, for whoever saves it. */

import { type CompileBudget, makeCompileBudget } from './compile-budget.ts';
import type { Compiled } from './errors.ts';
import { compileExpression } from './expression.ts';
import { compileFilter } from './filter.ts';
import { compileTemplate } from './template.ts';

/** Field → what is wrong with it; empty when the record can be saved. */
export type Problems = Record<string, string>;

const MAX_EXTRACTION_RULES = 50;

/** What is wrong with a record of `sources` or `mappings`; `read` gives a field's text, JSON fields as JSON. */
export function checkRecord(collection: string, read: (field: string) => string): Problems {
  if (collection === 'mappings') return checkMapping({ filter: read('filter'), template: read('template') });
  return checkSource({ event_type: read('event_type'), dedupe_key: read('dedupe_key'), extract: read('extract') });
}

/** `extract` is the field's JSON text. */
export function checkSource(fields: { event_type: string; dedupe_key: string; extract: string }): Problems {
  const budget = makeCompileBudget();
  return collect({
    event_type: checkOptional(fields.event_type, budget),
    dedupe_key: checkOptional(fields.dedupe_key, budget),
    extract: checkExtract(fields.extract, budget),
  });
}

/** `template` is the field's JSON text. */
export function checkMapping(fields: { filter: string; template: string }): Problems {
  const budget = makeCompileBudget();
  return collect({
    filter: problemOf(compileFilter(fields.filter, budget)),
    template: checkTemplate(fields.template, budget),
  });
}

function checkOptional(text: string, budget: CompileBudget): string | undefined {
  return text.trim() === '' ? undefined : problemOf(compileExpression(text, budget));
}

function checkTemplate(json: string, budget: CompileBudget): string | undefined {
  const template = parseField(json);
  if (template === null || template === '') return undefined;
  if (template === undefined) return 'This is not valid JSON.';
  return problemOf(compileTemplate(template, budget));
}

function checkExtract(json: string, budget: CompileBudget): string | undefined {
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
}

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
  if (compiled.ok) return undefined;
  const { message, where } = compiled.error;
  return where ? `In ${where}: ${message}` : message;
}

function collect(problems: Record<string, string | undefined>): Problems {
  return Object.fromEntries(
    Object.entries(problems).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
