import { parse as parseLossless, stringify as stringifyLossless } from 'lossless-json';

/** Levels of lists and maps that a payload may nest; deeper ones can overflow what walks over them. */
export const MAX_NESTING = 64;

/** Longer whole numbers are refused: converting them takes more than linear time. */
export const MAX_DIGITS = 1_000;

export type ParsedJson = { ok: true; value: unknown } | { ok: false; message: string };

/**
 * JSON text → value. Whole numbers beyond 2^53 become BigInt, so that no digit is lost; all other
 * numbers are plain. A few unusual maps become a Map: see shield.
 * @param maxMembers of all maps together; building maps is the slowest part, so a foreign text needs a bound
 */
export function parseJson(text: string, maxMembers = Number.POSITIVE_INFINITY): ParsedJson {
  const shape = scan(text, maxMembers);
  if (!shape.ok) return shape;
  try {
    const value = shape.longNumbers ? parseLossless(text, undefined, LOSSLESS) : JSON.parse(text);
    return { ok: true, value: mayNeedShield(text) ? shieldDeep(value) : value };
  } catch {
    return { ok: false, message: text.trim() === '' ? 'the JSON is empty' : `this is not valid JSON${place(text)}` };
  }
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

/**
 * A map that the library handles badly → a Map that writes itself as JSON; anything else as it is. The library
 * reads `constructor` to tell what a value is, so a key of that name would mislead it; and it looks for the first
 * of the keys, which takes a plain object of very many keys as long as going through them all.
 */
export function shield<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (!Object.hasOwn(value, 'constructor') && Object.keys(value).length <= MAX_PLAIN_KEYS) return value;
  const map = new Map(Object.entries(value));
  return Object.defineProperty(map, 'toJSON', { value: () => Object.fromEntries(map) }) as T;
}

/** A map of more keys becomes a Map; a text shorter than MIN_LARGE_TEXT can't hold so many. */
const MAX_PLAIN_KEYS = 5_000;
const MIN_LARGE_TEXT = 30_000;

function mayNeedShield(text: string): boolean {
  return text.length >= MIN_LARGE_TEXT || text.includes('"constructor"') || text.includes('\\u');
}

function shieldDeep(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = shieldDeep(value[i]);
    return value;
  }
  for (const [key, member] of Object.entries(value)) {
    // Never an assignment to an own `__proto__`, which only JSON.parse can make and would replace the prototype.
    if (typeof member === 'object' && member !== null) {
      Object.defineProperty(value, key, {
        value: shieldDeep(member),
        writable: true,
        enumerable: true,
        configurable: true,
      });
    }
  }
  return shield(value);
}

const LOSSLESS = {
  parseNumber(digits: string): number | bigint {
    const value = Number(digits);
    if (Number.isSafeInteger(value) || !/^-?\d+$/.test(digits)) return value;
    return BigInt(digits);
  },
  onDuplicateKey: ({ newValue }: { newValue: unknown }) => newValue,
};

type Shape = { ok: true; longNumbers: boolean } | { ok: false; message: string };

/** One pass over the text before it is parsed: how deep it nests, and whether a plain number could lose digits. */
function scan(text: string, maxMembers: number): Shape {
  let depth = 0;
  let members = 0;
  let digits = 0;
  let longNumbers = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= ZERO && code <= NINE) {
      digits++;
      if (digits === SAFE_DIGITS) longNumbers = true;
      if (digits > MAX_DIGITS) return { ok: false, message: `a number has more than ${MAX_DIGITS} digits` };
      continue;
    }
    digits = 0;
    if (code === QUOTE) {
      i = endOfString(text, i);
      if (i === -1) return { ok: false, message: 'this is not valid JSON: a text has no closing quote' };
    } else if (code === OPEN_LIST || code === OPEN_MAP) {
      if (++depth > MAX_NESTING) return { ok: false, message: `the JSON nests deeper than ${MAX_NESTING} levels` };
    } else if (code === CLOSE_LIST || code === CLOSE_MAP) {
      depth--;
    } else if (code === COLON && ++members > maxMembers) {
      return { ok: false, message: `the JSON has more than ${maxMembers} members` };
    }
  }
  return { ok: true, longNumbers };
}

/** Index of the quote that ends the string which begins at `start`, or -1. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}

/** Any number of fewer digits is exact as a double. */
const SAFE_DIGITS = 16;
const COLON = 0x3a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const NINE = 0x39;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;
