import {
  type Compiled,
  type Context,
  compileList,
  type ExpressionError,
  type ListExpression,
  makeMeter,
} from '../expressions/index.ts';
import type { Source } from '../model/configuration.ts';
import { defaultsOf } from '../presets/index.ts';
import { compiledRules } from './compiled-rules.ts';

/**
 * The events that a request holds, as their bodies; undefined: its source does not split, and the request is one event. Why
 * there are none that can be used is a failure; then the request is one event whose decisions are all `error`.
 */
export type Split = (
  source: Source,
  context: Context,
) => { items: unknown[]; failure?: undefined } | { failure: ExpressionError } | undefined;

export function createSplit(): Split {
  const rules = compiledRules<Source, { list: Compiled<ListExpression> }>((source, budget) => ({
    list: compileList(splitOf(source), budget),
  }));
  return (source, context) => {
    if (splitOf(source) === '') return undefined;
    const { list } = rules.of(source);
    // Work of its own, so that the events of the request have as much as others have.
    const result = list.ok ? list.value.evaluate({ ...context, meter: makeMeter() }) : list;
    return result.ok ? { items: result.value } : { failure: { ...result.error, where: 'split' } };
  };
}

function splitOf(source: Source): string {
  return source.split || defaultsOf(source).split;
}
