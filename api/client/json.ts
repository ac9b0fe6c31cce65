import { parse, stringify } from 'lossless-json';

/** Only a text with so many digits in a row can hold a whole number that a double would round. */
const LONG_NUMBER = /\d{16}/;
const WHOLE = /^-?\d+$/;

/**
 * JSON text → value. Whole numbers beyond 2^53, which the API keeps digit for digit, become BigInt.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? parse(text, undefined, numberOf) : JSON.parse(text);
}

function numberOf(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) || !WHOLE.test(digits) ? value : BigInt(digits);
}

/** Value → JSON text, as JSON.stringify makes it; a BigInt is written as its digits. */
export function stringifyJson(value: unknown, indent?: 2): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch (fault) {
    if (!(fault instanceof TypeError)) throw fault;
    return stringify(value, undefined, indent) as string;
  }
}
