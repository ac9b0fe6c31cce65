export { type CompileBudget, makeCompileBudget } from './compile-budget.ts';
export { type Context, makeContext } from './context.ts';
export type { Compiled, ExpressionError } from './errors.ts';
export { compileExpression, compileList, type Expression, type ListExpression } from './expression.ts';
export { compileFilter, type Filter, type FilterResult } from './filter.ts';
export { type ParsedJson, parseJson, parsePlainJson, stringifyJson } from './json.ts';
export { type JsonLimits, shapeOf } from './json-shape.ts';
export { makeMeter, metersFor, withShare, withShareInTurns, workDone } from './meter.ts';
export type { Outcome } from './program.ts';
export {
  compileRequestTexts,
  fillRequestText,
  type RequestTexts,
  type RequestValues,
  sampleValues,
} from './request-text.ts';
export { compileSuccess, type SuccessRule } from './response.ts';
export { abbreviate } from './seen.ts';
export { type CompiledTemplate, compileTemplate, type Rendered } from './template.ts';
export { chargeBody } from './work.ts';
