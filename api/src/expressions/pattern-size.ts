/**
 * How much compiling an RE2 pattern takes, told from its text before anything is compiled: RE2 bounds the time of a
 * match, not that of compiling, and repetitions of repetitions of classes make a program of megabytes out of a line.
 * About the number of instructions of the compiled program, and never less; linear in the text. It follows the grammar
 * of re2js 2 (https://github.com/google/re2/wiki/Syntax); a pattern that is not valid has some size, too.
 */
export function patternSize(pattern: string): number {
  const isFolded = CASE_INSENSITIVE.test(pattern);
  /** What is not repeated when the program is made: classes are made once. */
  let classes = 0;
  /** The sum of each group that is open, the whole pattern first. */
  const groups = [0];
  /** What a repetition that comes next repeats. */
  let last = 0;

  const add = (size: number) => {
    last = size;
    groups[groups.length - 1] = (groups.at(-1) ?? 0) + size;
  };
  const repeat = ([, min = '', comma, max]: string[]) => {
    const least = Number(min);
    const most = max ? Number(max) : least;
    const copies = Math.max(1, most, comma && !max ? least + 1 : 0);
    const before = last;
    add(before * (copies - 1) + (comma ? copies - least + 1 : 0));
    last += before;
  };

  for (let at = 0; at < pattern.length; ) {
    const [token] = match(TOKEN, pattern, at);
    at += token.length;
    const counts = match(REPETITION, token, 0);
    // Flags are no instruction: what comes next repeats what was before them.
    if (token.startsWith('(?')) continue;
    if (token === '(') {
      groups.push(0);
    } else if (token === ')' && groups.length > 1) {
      // An empty group takes an instruction that does nothing.
      add(Math.max(1, groups.pop() ?? 0) + 2);
    } else if (token === '[') {
      const found = readClass(pattern, at, isFolded);
      at = found.end;
      classes += found.made;
      add(1 + found.items / ITEMS_PER_INSTRUCTION);
    } else if (/^\\[pP]/.test(token)) {
      classes += UNICODE_ITEMS_MADE * (isFolded ? 2 : 1);
      add(1 + UNICODE_ITEMS / ITEMS_PER_INSTRUCTION);
    } else if (counts[0] !== '') {
      repeat(counts);
    } else if (token === '*' || token === '+' || token === '?') {
      const before = last;
      add(2);
      last += before;
    } else if (token === '|') {
      // One that chooses, and one that does nothing where an alternative is empty.
      add(2);
    } else {
      add(token.length * (isFolded ? 2 : 1));
    }
  }
  return Math.ceil(classes / ITEMS_PER_INSTRUCTION + groups.reduce((sum, size) => sum + size, 0));
}

/** Looking at so many ranges of a class takes as long as making an instruction. */
const ITEMS_PER_INSTRUCTION = 4;
/** A class such as \pL has up to 700 ranges. What looking at them takes while a text is matched, and while the class is made. */
const UNICODE_ITEMS = 100;
const UNICODE_ITEMS_MADE = 300;
/** Code points of a range whose other cases are looked up in the time of one item. */
const FOLDED_PER_ITEM = 4;
/** Code points beyond the last one have no other case. */
const LAST_FOLDED = 0x1e943;

const CASE_INSENSITIVE = /\(\?[a-zA-Z-]*i/;
const CHARACTER = /\\x\{[0-9A-Fa-f]*\}|\\x.{2}|\\[0-7]{1,3}|\\.|.|$/sy;
const UNICODE_CLASS = /\\[pP](?:\{[^}]*\}?|.)|/sy;
const TOKEN = /\(\?[a-zA-Z-]+\)|\\Q.*?(?:\\E|$)|\\[pP](?:\{[^}]*\}?|.)|\{\d+,?\d*\}|\\x\{[0-9A-Fa-f]*\}|\\.|./sy;
const REPETITION = /\{(\d+)(,?)(\d*)\}|/y;
const PERL_CLASS = /\\[dswDSW]|/y;

/** Texts of a match at a place of `text`; empty ones if there is none. */
function match(pattern: RegExp, text: string, at: number): [string, ...string[]] {
  pattern.lastIndex = at;
  return (pattern.exec(text) as [string, ...string[]] | null) ?? [''];
}

/** What stands between `[` and `]`: how far it goes, how many ranges it has, and how many are looked at to make it. */
function readClass(pattern: string, start: number, isFolded: boolean): { end: number; items: number; made: number } {
  let items = 0;
  let made = 0;
  let at = pattern[start] === '^' ? start + 1 : start;
  for (let first = true; at < pattern.length && (first || pattern[at] !== ']'); first = false) {
    const namedEnd = pattern.startsWith('[:', at) ? pattern.indexOf(':]', at) : -1;
    const unicode = match(UNICODE_CLASS, pattern, at)[0].length;
    const perl = match(PERL_CLASS, pattern, at)[0].length;
    items += unicode > 0 ? UNICODE_ITEMS : 1;
    made += unicode > 0 ? UNICODE_ITEMS_MADE * (isFolded ? 2 : 1) : 1;
    if (namedEnd !== -1) at = namedEnd + ':]'.length;
    else if (unicode > 0 || perl > 0) at += unicode || perl;
    else {
      const [low] = match(CHARACTER, pattern, at);
      at += low.length;
      if (pattern[at] !== '-' || pattern[at + 1] === ']') continue;
      const [high] = match(CHARACTER, pattern, at + 1);
      at += 1 + high.length;
      if (isFolded) made += Math.max(0, Math.min(codeOf(high), LAST_FOLDED) - codeOf(low)) / FOLDED_PER_ITEM;
    }
  }
  return { end: at + 1, items, made };
}

/** The code point of one character of a class, near enough for escapes such as \n. */
function codeOf(character: string): number {
  const hex = /^\\x\{?([0-9A-Fa-f]+)/.exec(character)?.[1];
  if (hex !== undefined) return Number.parseInt(hex, 16);
  const octal = /^\\([0-7]+)$/.exec(character)?.[1];
  if (octal !== undefined) return Number.parseInt(octal, 8);
  return character.length > 0 ? character.charCodeAt(character.length - 1) : 0;
}
