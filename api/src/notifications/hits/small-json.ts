import { type ParsedJson, parseJson } from '../../expressions/index.ts';

/** A tracker sends a few dozen values; these cost next to nothing, however few bytes they have. */
const LIMITS = { values: 2_000, names: 1_000 };

export const readSmallJson = (text: string): ParsedJson => parseJson(text, LIMITS);

/** The value of JSON within JSON; undefined: it is none. */
export function parseSmallJson(text: string): unknown {
  const parsed = readSmallJson(text);
  return parsed.ok ? parsed.value : undefined;
}
