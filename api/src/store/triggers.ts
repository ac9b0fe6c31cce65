import type { TriggerAdvance } from './queue.ts';

/**
 * Where triggers stand, and which process evaluates them. All calls reject with Problem `store_unavailable` when the store
 * can't be reached; repeating a call is safe.
 */
export interface TriggerStore {
  /** Asks to be the one that evaluates, or to stay it, for so many milliseconds; 0 gives the lease back. */
  lease(leaseMs: number): Promise<EvaluatorLease>;
  /** As it stands, whoever has it; `held` is false. */
  readLease(): Promise<EvaluatorLease>;
  /** Of all triggers that were ever evaluated, or of some. */
  readStates(triggers?: string[]): Promise<StoredTriggerState[]>;
  /** Moves states on of which nothing is told; false: it was stale. Results in the order of the items. */
  save(items: TriggerAdvance[]): Promise<boolean[]>;
}

export interface EvaluatorLease {
  held: boolean;
  /** What is written under an older one changes nothing. */
  epoch: number;
  /** Since when somebody has evaluated without a pause of more than a minute, by the clock that `now` is read from. */
  counting_since: number;
  now: number;
}

export interface StoredTriggerState {
  trigger: string;
  /** How often it has moved on. */
  epoch: number;
  state: object;
}
