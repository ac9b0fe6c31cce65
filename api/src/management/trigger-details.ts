import type { TriggerState } from '../notifications/triggers/state.ts';
import type { TriggerStore } from '../store/triggers.ts';
import type { ReadDetails } from './records-router.ts';

export interface TriggerDetailsDeps {
  triggers: Pick<TriggerStore, 'readStates'>;
}

/** What reading triggers shows besides the records: where each stands. */
export function triggerDetails({ triggers }: TriggerDetailsDeps): ReadDetails {
  return async (ids) => {
    const states = ids.length === 0 ? [] : await triggers.readStates([...ids]);
    const byTrigger = new Map(states.map(({ trigger, state }) => [trigger, state as TriggerState]));
    return (id) => ({ state: shown(byTrigger.get(id)) });
  };
}

function shown(state: TriggerState | undefined) {
  return state
    ? { phase: state.phase, since: new Date(state.since).toISOString() }
    : { phase: 'learning', since: null };
}
