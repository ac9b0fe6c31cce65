import type { StoredTriggerState } from '../../store/triggers.ts';
import type { TriggerState } from './state.ts';

/** Where triggers stand, as the evaluator knows it. */
export interface StateMemory {
  of(trigger: string): TriggerState | undefined;
  /** How often the stored state has moved on. */
  epochOf(trigger: string): number;
  /** Known here only: it is stored with the next move, or from time to time. */
  hold(trigger: string, state: TriggerState): void;
  /** It was stored. */
  moved(trigger: string, state: TriggerState): void;
  /** States that the store does not know. */
  unsaved(): { trigger: string; state: TriggerState }[];
  /** Triggers with readings in a row that may soon be enough. */
  watched(): string[];
}

interface Known {
  epoch: number;
  state: TriggerState | undefined;
  /** As JSON, what the store has. */
  stored: string;
}

export function createStateMemory(states: readonly StoredTriggerState[]): StateMemory {
  const known = new Map<string, Known>(
    states.map(({ trigger, epoch, state }) => [
      trigger,
      { epoch, state: state as TriggerState, stored: JSON.stringify(state) },
    ]),
  );
  const unsaved = new Set<string>();
  const watched = new Set<string>();

  function remember(trigger: string, entry: Known): void {
    known.set(trigger, entry);
    if (entry.state?.run) watched.add(trigger);
    else watched.delete(trigger);
  }

  return {
    of: (trigger) => known.get(trigger)?.state,
    epochOf: (trigger) => known.get(trigger)?.epoch ?? 0,
    hold(trigger, state) {
      const before = known.get(trigger);
      if (before?.state === state) return;
      remember(trigger, { epoch: before?.epoch ?? 0, stored: before?.stored ?? '', state });
      unsaved.add(trigger);
    },
    moved(trigger, state) {
      const epoch = (known.get(trigger)?.epoch ?? 0) + 1;
      remember(trigger, { epoch, state, stored: JSON.stringify(storable(state)) });
      unsaved.delete(trigger);
    },
    unsaved() {
      return [...unsaved].flatMap((trigger) => {
        const { state, stored } = known.get(trigger) ?? {};
        const changed = state && JSON.stringify(storable(state)) !== stored;
        if (!changed) unsaved.delete(trigger);
        return changed ? [{ trigger, state }] : [];
      });
    },
    watched: () => [...watched],
  };
}

/** Without what is of this process only. */
export function storable({ run: _, ...state }: TriggerState): TriggerState {
  return state;
}
