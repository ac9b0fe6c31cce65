import type PocketBase from 'pocketbase';
import type { DestinationHealth } from '../../model/configuration.ts';
import type { ReadHealth } from '../records.ts';
import { toStoreProblem, withTimeout } from './faults.ts';

const FIELDS = 'state,failures,failing_since,next_probe_at';
const WELL: DestinationHealth = { state: 'closed', failures: 0, failing_since: '', next_probe_at: '' };

/** Circuit breakers, as the queue's routes keep them: a destination that is well has no record. */
export function createReadHealth({ pb }: { pb: PocketBase }): ReadHealth {
  return async (destination) => {
    try {
      const filter = pb.filter('id = {:destination}', { destination });
      const { items } = await pb
        .collection('destination_health')
        .getList<DestinationHealth>(1, 1, { filter, fields: FIELDS, skipTotal: true, ...withTimeout() });
      return items[0] ?? WELL;
    } catch (fault) {
      throw toStoreProblem(fault, `health of destination ${destination}`);
    }
  };
}
