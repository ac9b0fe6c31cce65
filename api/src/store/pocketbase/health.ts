import type PocketBase from 'pocketbase';
import type { DestinationHealth } from '../../model/configuration.ts';
import type { ReadHealth } from '../records.ts';
import { findRows } from './rows.ts';

const FIELDS = 'id,state,failures,failing_since,next_probe_at';
const WELL: DestinationHealth = { state: 'closed', failures: 0, failing_since: null, next_probe_at: null };
/** PocketBase takes filters of 3,500 characters and 200 conditions. */
const IDS_AT_MOST = 100;

/** Circuit breakers, as the queue's routes keep them: a destination that is well has no record. */
export function createReadHealth({ pb }: { pb: PocketBase }): ReadHealth {
  const read = (ids: readonly string[]) => {
    const anyOf = ids.map((_id, index) => `id = {:${index}}`).join(' || ');
    return findRows<DestinationHealth & { id: string }>(pb, {
      collection: 'destination_health',
      fields: FIELDS,
      conditions: [[anyOf, ...ids]],
      limit: ids.length,
    });
  };

  return async (destinations) => {
    const parts = Array.from({ length: Math.ceil(destinations.length / IDS_AT_MOST) }, (_, index) =>
      destinations.slice(index * IDS_AT_MOST, (index + 1) * IDS_AT_MOST),
    );
    const rows = (await Promise.all(parts.map(read))).flat();
    const known = new Map(rows.map(({ id, ...health }) => [id, health]));
    return (destination) => known.get(destination) ?? WELL;
  };
}
