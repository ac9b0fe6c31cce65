import type { EvaluatorLease, StoredTriggerState, TriggerStore } from '../triggers.ts';
import { type CallDeps, callOnce, callRoute } from './call.ts';

interface Answer {
  config_version: number;
}

/** A lease that is asked for later than this is another one's. */
const LEASE_CALL_MS = 2_000;

/** Where triggers stand, over the PocketBase service's own routes (pocketbase/README.md). */
export function createTriggerStore(deps: CallDeps, owner: string): TriggerStore {
  const lease = (owner: string, lease_ms: number) =>
    callOnce<EvaluatorLease & Answer>(deps, 'triggers/lease', LEASE_CALL_MS, { owner, lease_ms });
  return {
    lease: (lease_ms) => lease(owner, lease_ms),
    // Who asks for no time, and has none, changes nothing.
    readLease: () => lease('a reader', 0),
    async readStates(triggers = []) {
      return (
        await callRoute<{ states: StoredTriggerState[]; config_version?: number }>(deps, 'triggers/states', {
          triggers,
        })
      ).states;
    },
    async save(items) {
      return (await callRoute<{ results: boolean[] } & Answer>(deps, 'triggers/save', { items })).results;
    },
  };
}
