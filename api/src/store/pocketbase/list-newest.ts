import type PocketBase from 'pocketbase';
import type { Page, PageRequest, TimeFilter } from '../records.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { toStoreProblem, withTimeout } from './faults.ts';
import { queryTime } from './query-time.ts';

/** Date, time and id of the last record of a page. */
const POSITION = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z) ([a-z0-9]{15})$/;

export interface Listed<T> {
  collection: string;
  fields: string;
  /** Filters of PocketBase, all of which must hold; what is empty is left out. */
  conditions: (string | undefined)[];
  /** Times that `by` must lie between. */
  during?: TimeFilter;
  /** The field with the time. */
  by: keyof T & string;
}

/**
 * One page of a collection, newest first; pages stay stable while records are added.
 * @throws Problem `validation_failed` for the cursor, `store_unavailable`
 */
export async function listNewest<T extends { id: string }>(
  pb: PocketBase,
  { collection, fields, conditions, during = {}, by }: Listed<T>,
  page: PageRequest,
): Promise<Page<T>> {
  const [day, time, id] = page.cursor === undefined ? [] : decodeCursor(page.cursor, POSITION);
  const older = id && pb.filter(`(${by} < {:at} || (${by} = {:at} && id < {:id}))`, { at: `${day} ${time}`, id });
  const from = queryTime('from', during);
  const to = queryTime('to', during);
  const times = [from && pb.filter(`${by} >= {:from}`, { from }), to && pb.filter(`${by} < {:to}`, { to })];
  const found = await pb
    .collection<T>(collection)
    .getList(1, page.limit + 1, {
      filter: [...conditions, ...times, older].filter(Boolean).join(' && '),
      sort: `-${by},-id`,
      fields,
      skipTotal: true,
      ...withTimeout(),
    })
    .catch((fault) => {
      throw toStoreProblem(fault, collection);
    });
  const data = found.items.slice(0, page.limit);
  const last = found.items.length > page.limit ? data.at(-1) : undefined;
  return { data, next_cursor: last ? encodeCursor([String(last[by]), last.id]) : null };
}
