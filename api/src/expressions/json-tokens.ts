/**
 * Walks over JSON text without building anything, in linear time: what a value will cost is known before it is made.
 * It does not judge the text: JSON.parse does, and stops where this stops at the latest.
 */

/** What a token is, as the code of a character that such tokens begin with. */
export const STRING = 0x22;
export const NUMBER = 0x30;
const LITERAL = 0x74;
export const COLON = 0x3a;
export const OPEN_LIST = 0x5b;
export const CLOSE_LIST = 0x5d;
export const OPEN_MAP = 0x7b;
export const CLOSE_MAP = 0x7d;

/**
 * Calls `visit` with each token, at `start` up to before `end`, until it returns false. Commas and blanks are left out.
 * A text that is never closed has the end -1 and is the last token.
 */
export function eachToken(text: string, visit: (kind: number, start: number, end: number) => boolean): void {
  let i = 0;
  while (i < text.length) {
    const code = text.charCodeAt(i);
    if (code <= BLANK || code === COMMA) {
      i++;
      continue;
    }
    const kind = KINDS[code] ?? 0;
    if (kind === 0) return;
    const end = endOf(text, kind, i);
    if (!visit(kind, i, end) || end === -1) return;
    i = end;
  }
}

function endOf(text: string, kind: number, start: number): number {
  if (kind === STRING) return endOfString(text, start);
  if (kind === NUMBER) return endOfNumber(text, start);
  return kind === LITERAL ? start + (text.charCodeAt(start) === LETTER_F ? 5 : 4) : start + 1;
}

/** Behind the closing quote, or -1. */
function endOfString(text: string, start: number): number {
  const quote = text.indexOf('"', start + 1);
  // Most texts hold no quote; those that do are walked through once, however many they hold.
  if (quote === -1 || text.charCodeAt(quote - 1) !== BACKSLASH) return quote === -1 ? -1 : quote + 1;
  for (let i = start + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === STRING) return i + 1;
  }
  return -1;
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  while (NUMBER_PARTS[text.charCodeAt(end)]) end++;
  return end;
}

const BLANK = 0x20;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const LETTER_F = 0x66;
const KINDS = table('"-0123456789tfn:[]{}', (character) => {
  if (/[-\d]/.test(character)) return NUMBER;
  return /[tfn]/.test(character) ? LITERAL : character.charCodeAt(0);
});
const NUMBER_PARTS = table('0123456789+-.eE', () => 1);

function table(characters: string, value: (character: string) => number): number[] {
  const codes: number[] = new Array(0x80).fill(0);
  for (const character of characters) codes[character.charCodeAt(0)] = value(character);
  return codes;
}
