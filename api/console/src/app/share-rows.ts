import { stringifyJson } from '../../../client/json.ts';

interface Row {
  id: string;
}

interface Listed {
  pages: { data: readonly Row[]; next_cursor: string | null }[];
}

/**
 * What was read of a list, with the rows of before where they are the same: a row that is drawn need not be drawn anew. By id, since
 * rows move when new ones come. For `structuralSharing`, which compares by place and would make each row another one; as that does,
 * it gives back `before` itself when nothing is another.
 */
export function shareRows(before: unknown, after: unknown): unknown {
  if (before === after || !isListed(before) || !isListed(after)) return after;
  const known = new Map(before.pages.flatMap(({ data }) => data.map((row) => [row.id, row])));
  const pages = after.pages.map((page, index) => {
    const shared = { ...page, data: page.data.map((row) => share(known.get(row.id), row)) };
    const old = before.pages[index];
    return old && isSamePage(old, shared) ? old : shared;
  });
  const isSame = pages.length === before.pages.length && pages.every((page, index) => page === before.pages[index]);
  return isSame ? before : { ...after, pages };
}

function share(old: Row | undefined, row: Row): Row {
  return old !== undefined && (old === row || stringifyJson(old) === stringifyJson(row)) ? old : row;
}

function isSamePage(one: Listed['pages'][number], other: Listed['pages'][number]): boolean {
  return (
    one.next_cursor === other.next_cursor &&
    one.data.length === other.data.length &&
    one.data.every((row, index) => row === other.data[index])
  );
}

function isListed(value: unknown): value is Listed {
  return typeof value === 'object' && value !== null && Array.isArray((value as Listed).pages);
}
