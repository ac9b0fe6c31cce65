import { createHash } from 'node:crypto';
import {
  type CompileBudget,
  type Compiled,
  type Context,
  compileExpression,
  type Expression,
  type ExpressionError,
  stringifyJson,
  withShareInTurns,
} from '../expressions/index.ts';
import type { Source } from '../model/configuration.ts';
import { defaultsOf, type SourceDefaults } from '../presets/index.ts';
import { compiledRules } from './compiled-rules.ts';
import { createTurns } from './turns.ts';

/** The results of a source's expressions for one payload. */
export interface Description {
  type: string;
  dedupe_key: string;
  extracted: Record<string, unknown>;
  /** The first expression that failed. Mappings then decide `error`: their filters might read the missing result. */
  failure: ExpressionError | undefined;
}

/**
 * Evaluates a source's event type, dedupe key and extraction. A path that the payload doesn't have is no failure: its value
 * is absent. Yields to the event loop when it takes long.
 * @param item which one the event is of a request that was split, from 1; 0, or absent: it is the whole request
 */
export type Describe = (source: Source, context: Context, item?: number) => Promise<Description>;

interface SourceRules {
  event_type: Compiled<Expression>;
  dedupe_key: Compiled<Expression>;
  /** The key reads nothing of the body, so all events of one request have the same. */
  isKeyOfRequest: boolean;
  extract: [name: string, expression: Compiled<Expression>][];
}

const TYPE_LENGTH = 200;
const DEDUPE_KEY_LENGTH = 500;
/** Characters of JSON. Bounded because every list of events contains the extracted fields. */
const EXTRACTED_LENGTH = 256 * 1024;
const TOO_MUCH = 'The extracted fields are larger than 256 KiB together; extract less.';

export function createDescribe(): Describe {
  const rules = compiledRules(compileRules);
  // One share is for the source; the mappings get the rest.
  return (source, context, item = 0) =>
    withShareInTurns(context.meter, 1, () => describe(() => rules.of(source), context, item));
}

function compileRules(source: Source, budget: CompileBudget): SourceRules {
  const defaults = defaultsOf(source);
  const dedupe_key = compileExpression(source.dedupe_key || defaults.dedupe_key, budget);
  return {
    event_type: compileExpression(source.event_type || defaults.event_type, budget),
    dedupe_key,
    isKeyOfRequest: dedupe_key.ok && !dedupe_key.value.reads().some((path) => /^body\b/.test(path)),
    extract: Object.entries(extractionOf(source, defaults)).map(([name, text]) => [
      name,
      compileExpression(text, budget),
    ]),
  };
}

function extractionOf({ extract }: Source, defaults: SourceDefaults): Record<string, string> {
  return extract && Object.keys(extract).length > 0 ? extract : defaults.extract;
}

async function describe(compiled: () => SourceRules, context: Context, item: number): Promise<Description> {
  let failure: ExpressionError | undefined;
  const turn = createTurns();
  const rules = compiled();
  const evaluate = async (where: string, expression: Compiled<Expression>): Promise<unknown> => {
    await turn();
    const result = expression.ok ? expression.value.evaluate(context) : { ...expression, missing: false };
    if (result.ok) return result.value;
    if (!result.missing) failure ??= { ...result.error, where };
    return undefined;
  };
  const extracted: Record<string, unknown> = {};
  const type = textOf(await evaluate('event_type', rules.event_type)).slice(0, TYPE_LENGTH);
  const key = textOf(await evaluate('dedupe_key', rules.dedupe_key));
  const dedupe_key = shorten(key !== '' && item > 0 && rules.isKeyOfRequest ? `${key}#${item}` : key);
  for (const [name, expression] of rules.extract) {
    const value = await evaluate(`extract.${name}`, expression);
    if (value !== undefined) extracted[name] = value;
  }
  if (stringifyJson(extracted).length <= EXTRACTED_LENGTH) return { type, dedupe_key, extracted, failure };
  return { type, dedupe_key, extracted: {}, failure: failure ?? { message: TOO_MUCH, where: 'extract' } };
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? stringifyJson(value) : String(value);
}

/** Hashes long keys. Cutting them could make two events' keys equal, and the second would be lost as a duplicate. */
function shorten(key: string): string {
  return key.length <= DEDUPE_KEY_LENGTH ? key : `sha256:${createHash('sha256').update(key).digest('hex')}`;
}
