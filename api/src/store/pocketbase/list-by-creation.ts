import type PocketBase from 'pocketbase';
import type { RecordModel } from 'pocketbase';
import type { Page, PageRequest } from '../records.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { withTimeout } from './faults.ts';

/** Date, time and id of the last record of a page. */
const POSITION = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z) ([a-z0-9]{15})$/;

export interface Listed {
  fields: string;
  /** A filter of PocketBase; undefined: every record. */
  condition: string | undefined;
}

/**
 * One page of a collection in the order of creation; pages stay stable while records are added.
 * @throws Problem `validation_failed` for the cursor, and what the SDK throws
 */
export async function listByCreation(
  pb: PocketBase,
  collection: string,
  { fields, condition }: Listed,
  page: PageRequest,
): Promise<Page<RecordModel>> {
  const [day, time, id] = page.cursor === undefined ? [] : decodeCursor(page.cursor, POSITION);
  const conditions = [
    condition,
    id && pb.filter('(created > {:at} || (created = {:at} && id > {:id}))', { at: `${day} ${time}`, id }),
  ];
  const found = await pb.collection(collection).getList(1, page.limit + 1, {
    filter: conditions.filter(Boolean).join(' && '),
    sort: 'created,id',
    fields,
    skipTotal: true,
    ...withTimeout(),
  });
  const items = found.items.slice(0, page.limit);
  const last = found.items.length > page.limit ? items.at(-1) : undefined;
  return { data: items, next_cursor: last ? encodeCursor([last.created, last.id]) : null };
}
