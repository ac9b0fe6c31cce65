/** A piece between two `**`: literals between which `*` stands. */
type Piece = string[];

export type PathPattern = (path: string) => boolean;

/**
 * A page path with wildcards, for the whole path, as Plausible has them: `*` is anything within a segment, `**` anything
 * (https://plausible.io/docs/pageview-goals). It never goes back further than to the start of a piece, so that no pattern is
 * slow; a regular expression could be.
 */
export function compilePathPattern(pattern: string): PathPattern {
  if (!pattern.includes('*')) return (path) => path === pattern;
  const [first = [''], ...rest] = pattern.split(/\*{2,}/).map((piece): Piece => piece.split('*'));
  const last = rest.pop();
  if (!last) return (path) => isWhole(first, path);
  return (path) => {
    let position = endOf(first, path, 0);
    for (const piece of rest) if (position !== undefined) position = endOfFirst(piece, path, position);
    return position !== undefined && startsAfter(last, path, position);
  };
}

/** Where a piece ends that begins here; of several ends the first, which is as good as any. */
function endOf([first = '', ...rest]: Piece, path: string, start: number): number | undefined {
  if (!path.startsWith(first, start)) return undefined;
  let end = start + first.length;
  for (const literal of rest) {
    const found = path.indexOf(literal, end);
    if (found === -1 || path.slice(end, found).includes('/')) return undefined;
    end = found + literal.length;
  }
  return end;
}

/** Where a piece ends that begins here or later. */
function endOfFirst(piece: Piece, path: string, from: number): number | undefined {
  const [first = ''] = piece;
  for (let start = path.indexOf(first, from); start !== -1; start = path.indexOf(first, start + 1)) {
    const end = endOf(piece, path, start);
    if (end !== undefined) return end;
    if (start === path.length) return undefined;
  }
  return undefined;
}

/** Whether a piece ends with the path, and begins at that position or later. */
function startsAfter(piece: Piece, path: string, position: number): boolean {
  const start = path.length - (endOf(piece.map(reverse).reverse(), reverse(path), 0) ?? Number.POSITIVE_INFINITY);
  return start >= position;
}

/** Whether a piece is the whole path: its last literal stands at the end, the others before it. */
function isWhole(piece: Piece, path: string): boolean {
  const last = piece.at(-1) ?? '';
  const head = path.slice(0, path.length - last.length);
  if (!path.endsWith(last)) return false;
  const end = endOf(piece.slice(0, -1), head, 0);
  return end !== undefined && !head.slice(end).includes('/');
}

const reverse = (text: string): string => [...text].reverse().join('');
