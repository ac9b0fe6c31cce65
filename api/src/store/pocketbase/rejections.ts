import type PocketBase from 'pocketbase';
import type { Rejection } from '../../model/event.ts';
import type { ListRejections, StoredRejection } from '../records.ts';
import { type CallDeps, callRoute } from './call.ts';
import { listPage } from './pages.ts';
import { type Condition, during } from './rows.ts';
import { toStoreTime } from './times.ts';

const FIELDS =
  'id,account,source,code,verification_failure,detail,correlation_id,method,content_type,body_bytes,body_excerpt,received_at';

/** Stores one rejection; the service keeps the newest 100 of each source. */
export function createStoreRejection(deps: CallDeps & { makeId: () => string }) {
  return async (rejection: Rejection): Promise<void> => {
    const received_at = toStoreTime(rejection.received_at);
    await callRoute(deps, 'rejection', { id: deps.makeId(), ...rejection, received_at });
  };
}

export function createListRejections({ pb }: { pb: PocketBase }): ListRejections {
  return ({ source, ...times }, scope, page) => {
    const conditions: Condition[] = [
      ['account = {:0}', scope],
      ['source = {:0}', source],
      ...during('received_at', times),
    ];
    const query = {
      collection: 'rejections',
      fields: FIELDS,
      conditions,
      by: 'received_at',
      newestFirst: true,
    } as const;
    return listPage<StoredRejection>(pb, query, page);
  };
}
