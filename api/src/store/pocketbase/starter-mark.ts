import type { StarterMark } from '../records.ts';
import { type CallDeps, callRoute } from './call.ts';
import { orProblem } from './faults.ts';
import { findRows } from './rows.ts';

/** Kept in `meta`, beside the versions: it belongs to no account and nobody edits it. */
export function createStarterMark(deps: CallDeps): StarterMark {
  return {
    async isSet() {
      const rows = await findRows(deps.pb, { collection: 'meta', conditions: [['key = {:0}', 'starter']], limit: 1 });
      return rows.length > 0;
    },
    async set() {
      await orProblem('meta', () => callRoute(deps, 'starter', {}));
    },
  };
}
