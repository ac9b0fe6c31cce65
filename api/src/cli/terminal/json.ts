import { isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json';
import { visible } from './visible.ts';

/**
 * Parses JSON without losing precision: integers beyond 2^53, and decimals that a double can't represent, stay exact;
 * other numbers are plain numbers.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  return parse(text, undefined, (value) => (isSafeNumber(value) ? Number(value) : new LosslessNumber(value)));
}

/** Formats JSON on one line, or indented by two spaces. Escapes terminal control characters. */
export function printJson(value: unknown, indent?: 2): string {
  return visible(stringify(value, undefined, indent) ?? 'null');
}
