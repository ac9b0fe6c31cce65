import type { Schemas } from '../../client/schemas.ts';
import type { ReadStanding } from '../notifications/triggers/read-standing.ts';
import type { Standing } from '../notifications/triggers/standing.ts';
import type { TriggerState } from '../notifications/triggers/state.ts';
import type { TriggerStore } from '../store/triggers.ts';
import type { ReadDetails } from './records-router.ts';

export interface TriggerDetailsDeps {
  triggers: Pick<TriggerStore, 'readStates'>;
  readStanding: ReadStanding;
}

/** What reading triggers shows besides the records: where each stands, of a single one also what it sees and waits for. */
export function triggerDetails({ triggers, readStanding }: TriggerDetailsDeps): ReadDetails {
  return async (ids, shown) => {
    const states = ids.length === 0 ? [] : await triggers.readStates([...ids]);
    const byTrigger = new Map(states.map(({ trigger, state }) => [trigger, state as TriggerState]));
    const standings = new Map(
      shown === 'list'
        ? []
        : await Promise.all(ids.map(async (id) => [id, await readStanding(id, byTrigger.get(id))] as const)),
    );
    return (id) => ({ state: { ...toPhase(byTrigger.get(id)), ...toReason(standings.get(id)) } });
  };
}

type Shown = Schemas['TriggerState'];

function toPhase(state: TriggerState | undefined): Shown {
  return state ? { phase: state.phase, since: iso(state.since) } : { phase: 'learning', since: null };
}

function toReason(standing: Standing | undefined): Partial<Shown> {
  if (!standing) return {};
  const { reason, explanation, until, reading } = standing;
  return {
    reason,
    explanation,
    until: until === undefined ? null : iso(until),
    reading: reading ? { threshold: null, baseline: null, ...reading, at: iso(reading.at) } : null,
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
