import type PocketBase from 'pocketbase';
import { fieldProblem } from '../../model/problems.ts';
import type { Page, PageRequest } from '../records.ts';
import { type Condition, findRows, type Query } from './rows.ts';
import { toStoreTime } from './times.ts';

/** Rows follow each other by a field; those of the same time by id. */
export interface Order {
  by: 'seq' | 'created' | 'received_at';
  newestFirst: boolean;
}

const NOT_A_CURSOR = 'is not a cursor of this list; use next_cursor as it was answered, or leave it out to begin anew';

/** What a cursor holds: the position of the last row of its page. It comes back from outside. */
const SEQ = /^(\d{1,16})$/;
const TIME_AND_ID = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z) ([a-z0-9]{15})$/;

/**
 * One page of a collection, cut by position and not by number (keyset paging): pages stay the same while rows are added.
 * @throws Problem `validation_failed` for the cursor, `store_unavailable`
 */
export async function listPage<T extends { id: string }>(
  pb: PocketBase,
  { by, newestFirst, ...query }: Omit<Query, 'sort' | 'limit'> & Order,
  page: PageRequest,
): Promise<Page<T>> {
  const sign = newestFirst ? '-' : '';
  const rows = await findRows<T>(pb, {
    ...query,
    conditions: [...query.conditions, ...beyond(page.cursor, { by, newestFirst })],
    sort: by === 'seq' ? `${sign}seq` : `${sign}${by},${sign}id`,
    limit: page.limit + 1,
  });
  const data = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? data.at(-1) : undefined;
  return { data, next_cursor: last ? encode(last as Record<string, unknown>, by) : null };
}

export const encodeSeq = (seq: number): string => Buffer.from(`${seq}`).toString('base64url');

/** @throws Problem `validation_failed` */
export function decodeSeq(cursor: string): number {
  return Number(decode(cursor, SEQ)[1]);
}

function beyond(cursor: string | undefined, { by, newestFirst }: Order): Condition[] {
  if (cursor === undefined) return [];
  const than = newestFirst ? '<' : '>';
  if (by === 'seq') return [[`seq ${than} {:0}`, decodeSeq(cursor)]];
  const [, position = '', id] = decode(cursor, TIME_AND_ID);
  return [[`(${by} ${than} {:0} || (${by} = {:0} && id ${than} {:1}))`, position, id]];
}

function encode(last: Record<string, unknown>, by: Order['by']): string {
  if (by === 'seq') return encodeSeq(last.seq as number);
  return Buffer.from(`${toStoreTime(String(last[by]))} ${last.id}`).toString('base64url');
}

function decode(cursor: string, form: RegExp): string[] {
  const position = form.exec(Buffer.from(cursor, 'base64url').toString());
  if (position) return position;
  throw fieldProblem('query/cursor', NOT_A_CURSOR);
}
