import { type JsonLimits, type ParsedJson, parseJson, shapeOf } from '../expressions/index.ts';

/** A line end, and what begins each text of `application/json-seq` (RFC 7464). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: matching it is the purpose
const BETWEEN = /[\r\n\x1e]+/;

/** One JSON text a line → the list of them. Empty lines are none. The limits are for all lines together. */
export function parseJsonLines(text: string, limits: JsonLimits): ParsedJson {
  const lines = text.split(BETWEEN).filter((line) => line.trim() !== '');
  const shape = shapeOf(`[${lines.join(',')}]`, limits);
  if (!shape.ok && shape.reason === 'too_large') return { ok: false, message: shape.message, tooLarge: true };
  const values: unknown[] = [];
  for (const [index, line] of lines.entries()) {
    const parsed = parseJson(line);
    if (!parsed.ok) return { ok: false, message: `in line ${index + 1}, ${parsed.message}` };
    values.push(parsed.value);
  }
  return { ok: true, value: values };
}
