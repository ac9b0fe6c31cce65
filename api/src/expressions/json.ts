import { parse as parseLossless, stringify as stringifyLossless } from 'lossless-json';
import { markLongNumbers, restoreText } from './json-numbers.ts';
import { type JsonLimits, type Shape, shapeOf } from './json-shape.ts';
import { shield } from './shield.ts';

/** `tooLarge`: it may be fine JSON, but exceeds the limits. */
export type ParsedJson = { ok: true; value: unknown } | { ok: false; message: string; tooLarge?: true };

const UNLIMITED: JsonLimits = { values: Number.POSITIVE_INFINITY, names: Number.POSITIVE_INFINITY };

/**
 * JSON text → value. Whole numbers beyond 2^53 become BigInt, so that no digit is lost; all other
 * numbers are plain. A few unusual maps become a Map: see shield.
 * @param limits a foreign text needs them; what exceeds them is refused before anything is built
 */
export function parseJson(text: string, limits = UNLIMITED): ParsedJson {
  const shape = shapeOf(text, limits);
  if (!shape.ok) return { ok: false, message: shape.message, ...(shape.reason === 'too_large' && { tooLarge: true }) };
  return build(text, shape, shield);
}

/**
 * As parseJson, but each map is a plain object: for those who look at its fields. Expressions need the shield.
 * @param shape that of the text, which the caller has looked at
 */
export function parsePlainJson(text: string, shape: FineShape): ParsedJson {
  return build(text, shape, (map) => map);
}

type FineShape = Extract<Shape, { ok: true }>;
type FinishMap = (map: Record<string, unknown>) => unknown;

function build(text: string, shape: FineShape, finishMap: FinishMap): ParsedJson {
  try {
    const value = JSON.parse(shape.longNumbers ? markLongNumbers(text) : text);
    const mayDiffer = shape.longNumbers || shape.mayNeedShield;
    return { ok: true, value: mayDiffer ? finish(value, shape.longNumbers, finishMap) : value };
  } catch {
    const message = text.trim() === '' ? 'the JSON is empty' : `this is not valid JSON${place(text)}`;
    return { ok: false, message };
  }
}

/** Puts long numbers back where they were marked, and finishes each map, innermost first. */
function finish(value: unknown, marked: boolean, finishMap: FinishMap): unknown {
  if (typeof value === 'string') return marked ? restoreText(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = finish(value[i], marked, finishMap);
    return value;
  }
  const map = value as Record<string, unknown>;
  for (const key of Object.keys(map)) {
    const member = map[key];
    const finished = finish(member, marked, finishMap);
    if (finished !== member) replaceMember(map, key, finished);
  }
  return finishMap(map);
}

function replaceMember(map: Record<string, unknown>, key: string, value: unknown): void {
  // Never an assignment to an own `__proto__`, which only JSON.parse can make and would replace the prototype.
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true });
  else map[key] = value;
}

/** Parsing a longer text a second time, slowly, would only help somebody to keep this process busy. */
const MAX_PLACED = 100_000;

/** The other parser knows the position each time; the engine's own message has it at times only, and quotes the payload. */
function place(text: string): string {
  if (text.length > MAX_PLACED) return '';
  try {
    parseLossless(text, undefined, LOSSLESS);
    return '';
  } catch (error) {
    const position = / at position (\d+)$/.exec((error as Error).message)?.[1];
    return position === undefined ? '' : `: it breaks at position ${position} (counted from 0)`;
  }
}

/** Value → JSON text; BigInt is written as its digits. What parseJson returned comes back as an equal text. */
export function stringifyJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return stringifyLossless(value) as string;
  }
}

const LOSSLESS = {
  parseNumber(digits: string): number | bigint {
    const value = Number(digits);
    if (Number.isSafeInteger(value) || !/^-?\d+$/.test(digits)) return value;
    return BigInt(digits);
  },
  onDuplicateKey: ({ newValue }: { newValue: unknown }) => newValue,
};
