interface Listed {
  pages: { data: readonly { id: string }[] }[];
}

/**
 * What was read of a list, with the rows of before where they are the same: a row that is drawn need not be drawn anew. By id, since
 * rows move when new ones come. For `structuralSharing`, which compares by place and would make each row another one.
 */
export function shareRows(before: unknown, after: unknown): unknown {
  if (!isListed(before) || !isListed(after)) return after;
  const known = new Map(before.pages.flatMap(({ data }) => data.map((row) => [row.id, row])));
  return { ...after, pages: after.pages.map((page) => ({ ...page, data: page.data.map(share) })) };

  function share(row: { id: string }): { id: string } {
    const old = known.get(row.id);
    return old !== undefined && (old === row || JSON.stringify(old) === JSON.stringify(row)) ? old : row;
  }
}

function isListed(value: unknown): value is Listed {
  return typeof value === 'object' && value !== null && Array.isArray((value as Listed).pages);
}
