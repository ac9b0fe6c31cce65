import type PocketBase from 'pocketbase';
import type { StarterMark } from '../records.ts';
import { toStoreProblem, withTimeout } from './faults.ts';

const KEY = 'starter';

/** Kept in `meta`, beside the versions: it belongs to no account and nobody edits it. */
export function createStarterMark(pb: PocketBase): StarterMark {
  const meta = pb.collection('meta');
  const fail = (fault: unknown): never => {
    throw toStoreProblem(fault, 'meta');
  };
  return {
    isSet: async () => {
      const filter = pb.filter('key = {:key}', { key: KEY });
      const { items } = await meta.getList(1, 1, { filter, ...withTimeout() }).catch(fail);
      return items.length > 0;
    },
    set: async () => {
      await meta.create({ key: KEY, value: 1 }, withTimeout()).catch(fail);
    },
  };
}
