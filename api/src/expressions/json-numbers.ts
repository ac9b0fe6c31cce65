import { COLON, eachToken, NUMBER, STRING } from './json-tokens.ts';

/**
 * JSON.parse makes doubles of all numbers and loses digits of whole ones beyond 2^53. So these are written as texts
 * before it, and made BigInts after it; it stays the engine that parses, which is ten times as fast as a parser of our own.
 *
 * Such a text is a mark, `#` and the digits. A text of the payload that begins with the mark, or might (with an
 * escape), gets the mark and `$` in front, so that what was put in can never be mistaken for what was there. The mark is
 * a character that payloads hardly ever have, and of one byte: a text with others would take twice the memory.
 */
const MARK = '\u007f';
const MARK_CODE = MARK.charCodeAt(0);
const NUMBER_MARK = `${MARK}#`;
const TEXT_MARK = `${MARK}$`;
const BACKSLASH = 0x5c;
const HASH = 0x23;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
/** A whole number of fewer digits is exact as a double, one of more never safe. */
const SAFE_DIGITS = 16;

/** Marks what restoreText undoes. Text that is no JSON stays none. */
export function markLongNumbers(text: string): string {
  const parts: string[] = [];
  let copied = 0;
  // The last token, if it is to be marked: a colon behind it makes it a name, which is left as it is.
  let kind = 0;
  let start = 0;
  let end = 0;

  function markLast(): void {
    if (kind === NUMBER) {
      parts.push(text.slice(copied, start), `"${NUMBER_MARK}`, text.slice(start, end), '"');
      copied = end;
    } else if (kind === STRING) {
      parts.push(text.slice(copied, start + 1), TEXT_MARK);
      copied = start + 1;
    }
    kind = 0;
  }

  eachToken(text, (nextKind, nextStart, nextEnd) => {
    if (nextKind === COLON) kind = 0;
    else markLast();
    if (needsMark(text, nextKind, nextStart, nextEnd)) {
      kind = nextKind;
      start = nextStart;
      end = nextEnd;
    }
    return true;
  });
  markLast();
  parts.push(text.slice(copied));
  return parts.join('');
}

/** A text of a value that came from a marked JSON text → what it was. */
export function restoreText(text: string): string | bigint {
  if (text.charCodeAt(0) !== MARK_CODE) return text;
  const rest = text.slice(NUMBER_MARK.length);
  return text.charCodeAt(1) === HASH ? BigInt(rest) : rest;
}

function needsMark(text: string, kind: number, start: number, end: number): boolean {
  if (kind === NUMBER) return isUnsafe(text, start, end);
  const first = kind === STRING ? text.charCodeAt(start + 1) : 0;
  return first === MARK_CODE || first === BACKSLASH;
}

/** Looks at the digits first: turning them into a number takes much longer. */
function isUnsafe(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start) === MINUS ? start + 1 : start;
  const digits = end - first;
  if (digits < SAFE_DIGITS || text.charCodeAt(first) === ZERO) return false;
  for (let i = first; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code < ZERO || code > NINE) return false;
  }
  return digits > SAFE_DIGITS || !Number.isSafeInteger(Number(text.slice(first, end)));
}
