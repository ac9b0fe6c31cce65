import type PocketBase from 'pocketbase';
import type { DestinationHealth } from '../../model/configuration.ts';
import type { ReadHealth } from '../records.ts';
import { toStoreProblem, withTimeout } from './faults.ts';

const FIELDS = 'id,state,failures,failing_since,next_probe_at';
const WELL: DestinationHealth = { state: 'closed', failures: 0, failing_since: '', next_probe_at: '' };
/** PocketBase takes filters of 3,500 characters and 200 conditions. */
const IDS_AT_MOST = 100;

/** Circuit breakers, as the queue's routes keep them: a destination that is well has no record. */
export function createReadHealth({ pb }: { pb: PocketBase }): ReadHealth {
  async function read(ids: readonly string[]): Promise<(DestinationHealth & { id: string })[]> {
    const filter = ids.map((id) => pb.filter('id = {:id}', { id })).join(' || ');
    const { items } = await pb
      .collection('destination_health')
      .getList<DestinationHealth & { id: string }>(1, ids.length, {
        filter,
        fields: FIELDS,
        skipTotal: true,
        ...withTimeout(),
      });
    return items;
  }

  return async (destinations) => {
    const parts = Array.from({ length: Math.ceil(destinations.length / IDS_AT_MOST) }, (_, index) =>
      destinations.slice(index * IDS_AT_MOST, (index + 1) * IDS_AT_MOST),
    );
    try {
      const rows = (await Promise.all(parts.map(read))).flat();
      const known = new Map(rows.map(({ id, ...health }) => [id, health]));
      return (destination) => known.get(destination) ?? WELL;
    } catch (fault) {
      throw toStoreProblem(fault, 'health of destinations');
    }
  };
}
