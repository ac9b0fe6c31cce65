import type PocketBase from 'pocketbase';
import type { Rejection } from '../../model/event.ts';
import type { ListRejections, StoredRejection } from '../records.ts';
import { type CallDeps, callRoute } from './call.ts';
import { listNewest } from './list-newest.ts';

const FIELDS =
  'id,account,source,code,verification_failure,detail,correlation_id,method,content_type,body_bytes,received_at';
/** Stores one rejection; the service keeps the newest 100 of each source. */
export function createStoreRejection(deps: CallDeps & { makeId: () => string }) {
  return async (rejection: Rejection): Promise<void> => {
    await callRoute(deps, 'rejection', { id: deps.makeId(), ...rejection });
  };
}

export function createListRejections({ pb }: { pb: PocketBase }): ListRejections {
  return ({ source, ...during }, scope, page) => {
    const conditions = [
      scope && pb.filter('account = {:scope}', { scope }),
      source && pb.filter('source = {:source}', { source }),
    ];
    const listed = { collection: 'rejections', fields: FIELDS, conditions, during, by: 'received_at' } as const;
    return listNewest<StoredRejection>(pb, listed, page);
  };
}
