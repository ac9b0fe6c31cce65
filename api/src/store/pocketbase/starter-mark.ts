import type { StarterMark } from '../records.ts';
import { type CallDeps, callRoute } from './call.ts';
import { toStoreProblem, withTimeout } from './faults.ts';

const KEY = 'starter';

/** Kept in `meta`, beside the versions: it belongs to no account and nobody edits it. */
export function createStarterMark(deps: CallDeps): StarterMark {
  const { pb } = deps;
  const fail = (fault: unknown): never => {
    throw toStoreProblem(fault, 'meta');
  };
  return {
    isSet: async () => {
      const filter = pb.filter('key = {:key}', { key: KEY });
      const { items } = await pb
        .collection('meta')
        .getList(1, 1, { filter, ...withTimeout() })
        .catch(fail);
      return items.length > 0;
    },
    set: async () => {
      await callRoute(deps, 'starter', {}).catch(fail);
    },
  };
}
