import { CLOSE_LIST, CLOSE_MAP, COLON, eachToken, NUMBER, OPEN_LIST, OPEN_MAP, STRING } from './json-tokens.ts';
import { MAX_PLAIN_KEYS } from './shield.ts';

/** Levels of lists and maps that a payload may nest; deeper ones can overflow what walks over them. */
export const MAX_NESTING = 64;

/** Longer whole numbers are refused: converting them takes more than linear time. */
export const MAX_DIGITS = 1_000;

/** How much may come out of a text, whatever its bytes are. */
export interface JsonLimits {
  /** Names, texts, numbers, literals, lists and maps together; a number of 16 digits or more counts as five. */
  values: number;
  /** Different names: each makes the engine build a new form of map, which takes a hundred times as long as a value. */
  names: number;
}

export type Shape =
  | {
      ok: true;
      values: number;
      /** Whether a plain number could lose digits. */
      longNumbers: boolean;
      /** Whether a map may need a shield (shield.ts). */
      mayNeedShield: boolean;
    }
  /** `too_large`: it may be fine JSON, but exceeds the limits. */
  | { ok: false; reason: 'broken' | 'too_deep' | 'too_large'; message: string };

/** What a JSON text would become, found out before anything is built. What is no JSON may pass: that is JSON.parse's affair. */
export function shapeOf(text: string, limits: JsonLimits): Shape {
  let depth = 0;
  let values = 0;
  let members = 0;
  let longNumbers = false;
  let constructorName = false;
  let problem: Refusal | undefined;
  let last = { start: 0, end: 0 };

  eachToken(text, (kind, start, end) => {
    if (kind === COLON) {
      members++;
      constructorName ||= mayBeConstructor(text, last.start, last.end);
      return true;
    }
    if (kind === CLOSE_LIST || kind === CLOSE_MAP) {
      depth--;
      return true;
    }
    if (kind === STRING) {
      if (end === -1) problem = refusal('broken', 'this is not valid JSON: a text has no closing quote');
      last = { start, end };
    } else if (kind === NUMBER) {
      const digits = end - start < SAFE_DIGITS ? 0 : longestRun(text, start, end);
      if (digits >= SAFE_DIGITS) {
        longNumbers = true;
        values += LONG_NUMBER_VALUES - 1;
      }
      if (digits > MAX_DIGITS) problem = refusal('broken', `a number has more than ${MAX_DIGITS} digits`);
    } else if ((kind === OPEN_LIST || kind === OPEN_MAP) && ++depth > MAX_NESTING) {
      problem = refusal('too_deep', `the JSON nests deeper than ${MAX_NESTING} levels`);
    }
    if (++values > limits.values)
      problem = refusal('too_large', `the JSON has more than ${limits.values} names and values`);
    return problem === undefined;
  });

  if (problem) return problem;
  if (members > limits.names && hasMoreNames(text, limits.names))
    return refusal('too_large', `the JSON has more than ${limits.names} different names`);
  return { ok: true, values, longNumbers, mayNeedShield: constructorName || members > MAX_PLAIN_KEYS };
}

type Refusal = Extract<Shape, { ok: false }>;

function refusal(reason: Refusal['reason'], message: string): Refusal {
  return { ok: false, reason, message };
}

/** A name counts as often as it is spelled differently. */
function hasMoreNames(text: string, most: number): boolean {
  const names = new Set<string>();
  let last = { start: 0, end: 0 };
  eachToken(text, (kind, start, end) => {
    if (kind === STRING) last = { start, end };
    else if (kind === COLON) names.add(text.slice(last.start, last.end));
    return names.size <= most;
  });
  return names.size > most;
}

/** A number may hold several runs: before and behind the point, and in the exponent. Beyond MAX_DIGITS nobody counts on. */
function longestRun(text: string, start: number, end: number): number {
  let longest = 0;
  let run = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    run = code >= ZERO && code <= NINE ? run + 1 : 0;
    if (run > longest) longest = run;
    if (run > MAX_DIGITS) break;
  }
  return longest;
}

/** Spelled as it is or, in part or whole, with escapes. */
function mayBeConstructor(text: string, start: number, end: number): boolean {
  const length = end - start;
  if (length < CONSTRUCTOR.length || length > LONGEST_SPELLING) return false;
  return text.startsWith(CONSTRUCTOR, start) || text.slice(start, end).includes('\\u');
}

/** It takes so much longer to keep its digits. */
const LONG_NUMBER_VALUES = 5;
const CONSTRUCTOR = '"constructor"';
const LONGEST_SPELLING = 2 + '\\u0063'.length * 'constructor'.length;
/** Any number of fewer digits is exact as a double. */
const SAFE_DIGITS = 16;
const ZERO = 0x30;
const NINE = 0x39;
