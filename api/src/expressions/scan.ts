/** Looks at CEL text just closely enough to tell code from the quoted texts and comments inside it. */

/**
 * Calls `visit` for each character of code from `start` with the depth of brackets around it, until it returns
 * true. The result is that position, or -1.
 */
export function findCode(text: string, start: number, visit: (index: number, depth: number) => boolean): number {
  let depth = 0;
  for (let i = start; i < text.length; i++) {
    const end = endOfLiteral(text, i);
    if (end > i) {
      i = end - 1;
      continue;
    }
    if (visit(i, depth)) return i;
    if ('([{'.includes(text.charAt(i))) depth++;
    if (')]}'.includes(text.charAt(i))) depth--;
  }
  return -1;
}

/** The position behind the quoted text or comment that begins at `start`; `start` if none does. */
function endOfLiteral(text: string, start: number): number {
  const first = text.charAt(start);
  if (first === '/' && text.charAt(start + 1) === '/') return orEnd(text, text.indexOf('\n', start));
  if (first !== '"' && first !== "'") return start;
  const quote = text.startsWith(first.repeat(3), start) ? first.repeat(3) : first;
  for (let i = start + quote.length; i < text.length; i++) {
    if (text.charAt(i) === '\\') i++;
    else if (text.startsWith(quote, i)) return i + quote.length;
  }
  return text.length;
}

function orEnd(text: string, index: number): number {
  return index === -1 ? text.length : index;
}

/** The parts of `a && b && c`; the whole text if its outermost operator is another one. */
export function splitConjuncts(text: string): string[] {
  const cuts: number[] = [];
  const other = findCode(text, 0, (i, depth) => {
    if (depth > 0) return false;
    if (text.startsWith('&&', i)) cuts.push(i);
    const ternary = text.charAt(i) === '?' && text.charAt(i - 1) !== '.';
    return ternary || text.startsWith('||', i);
  });
  if (other !== -1) return [text];
  return [...cuts, text.length].map((cut, n) => text.slice(n === 0 ? 0 : (cuts[n - 1] ?? 0) + 2, cut));
}
