import { isSafeNumber, LosslessNumber, parse, stringify } from 'lossless-json';
import { visible } from './visible.ts';

/**
 * Payloads may hold integers beyond 2^53 and decimals that a double can't hold: those stay what they were,
 * everything else is a plain number.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  return parse(text, undefined, (value) => (isSafeNumber(value) ? Number(value) : new LosslessNumber(value)));
}

/** One line, or indented by two spaces. What a terminal could take for a command is escaped. */
export function printJson(value: unknown, indent?: 2): string {
  return visible(stringify(value, undefined, indent) ?? 'null');
}
