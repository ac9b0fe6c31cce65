import type PocketBase from 'pocketbase';
import type { Rejection } from '../../model/event.ts';
import type { ListRejections, StoredRejection } from '../records.ts';
import { type CallDeps, callRoute } from './call.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { toStoreProblem, withTimeout } from './faults.ts';

const FIELDS =
  'id,account,source,code,verification_failure,detail,correlation_id,method,content_type,body_bytes,received_at';
/** Date, time and id of the last rejection of a page. */
const POSITION = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z) ([a-z0-9]{15})$/;

/** Stores one rejection; the service keeps the newest 100 of each source. */
export function createStoreRejection(deps: CallDeps & { makeId: () => string }) {
  return async (rejection: Rejection): Promise<void> => {
    await callRoute(deps, 'rejection', { id: deps.makeId(), ...rejection });
  };
}

export function createListRejections({ pb }: { pb: PocketBase }): ListRejections {
  return async ({ source }, scope, page) => {
    const [day, time, id] = page.cursor === undefined ? [] : decodeCursor(page.cursor, POSITION);
    const conditions = [
      scope && pb.filter('account = {:scope}', { scope }),
      source && pb.filter('source = {:source}', { source }),
      id && pb.filter('(received_at < {:at} || (received_at = {:at} && id < {:id}))', { at: `${day} ${time}`, id }),
    ];
    const options = {
      filter: conditions.filter(Boolean).join(' && '),
      sort: '-received_at,-id',
      fields: FIELDS,
      skipTotal: true,
      ...withTimeout(),
    };
    const found = await pb
      .collection<StoredRejection>('rejections')
      .getList(1, page.limit + 1, options)
      .catch((fault) => {
        throw toStoreProblem(fault, 'rejections');
      });
    const data = found.items.slice(0, page.limit);
    const last = found.items.length > page.limit ? data.at(-1) : undefined;
    return { data, next_cursor: last ? encodeCursor([last.received_at, last.id]) : null };
  };
}
