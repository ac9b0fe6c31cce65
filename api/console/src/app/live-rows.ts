import type { Page } from '../../../client/client.ts';

export interface Row {
  id: string;
  seq: number;
}

/** A row is new or has changed, or fits the filters no more. */
export type RowChange = { row: Row } | { gone: string };

/** A list that nobody scrolls through keeps so many. */
const ROWS_AT_MOST = 300;

/**
 * Pages of a list, newest first, after changes: those that are in it change in place; new ones are put at the top if they may
 * `slide` in, else they are `kept` back. The same pages if nothing changes.
 */
export function mergeRows<P extends Page<Row>>(
  pages: readonly P[],
  changes: readonly RowChange[],
  slide: boolean,
): { pages: readonly P[]; kept: Row[] } {
  const latest = new Map<string, Row | undefined>();
  for (const change of changes) {
    if ('row' in change) latest.set(change.row.id, change.row);
    else latest.set(change.gone, undefined);
  }
  const shown = new Set(pages.flatMap(({ data }) => data.map(({ id }) => id)));
  // What is older than the last row of the list stands on a page that was not read yet.
  const oldest = pages.at(-1)?.next_cursor ? (pages.at(-1)?.data.at(-1)?.seq ?? 0) : 0;
  const fresh = [...latest.values()]
    .filter((row): row is Row => row !== undefined && !shown.has(row.id) && row.seq > oldest)
    .sort((one, other) => other.seq - one.seq);
  const touches = [...latest.keys()].some((id) => shown.has(id));
  if (!touches && (fresh.length === 0 || !slide)) return { pages, kept: slide ? [] : fresh };

  const changed = pages.map((page) => ({
    ...page,
    data: page.data.flatMap((row) => (latest.has(row.id) ? (latest.get(row.id) ?? []) : row)),
  }));
  if (slide && changed[0]) changed[0].data = newestFirst([...fresh, ...changed[0].data]);
  return { pages: shorten(changed), kept: slide ? [] : fresh };
}

function newestFirst(rows: Row[]): Row[] {
  return rows.sort((one, other) => other.seq - one.seq);
}

/** Only a list of one page is shortened: who has read more looks at them. Its end then leads nowhere, until it is read anew. */
function shorten<P extends Page<Row>>(pages: readonly P[]): readonly P[] {
  const [first, ...more] = pages;
  if (!first || more.length > 0 || first.data.length <= ROWS_AT_MOST) return pages;
  return [{ ...first, data: first.data.slice(0, ROWS_AT_MOST), next_cursor: null }];
}
