import type { Firing } from './firing.ts';
import type { TriggerState } from './state.ts';

/** Why a trigger can't be judged yet. */
export type Missing =
  /** No hit came yet, or the window begins before the first one. */
  | 'first_hit'
  /** Hits were not taken for a part of the window: the service was down. */
  | 'gap'
  /** Fewer than two weeks of the same weekday and hour are known. */
  | 'baseline'
  /** So few visitors are usual that a relative drop says nothing. */
  | 'traffic'
  /** The site was silent for a part of the window. */
  | 'silence'
  /** The site never had the threshold in such a window, so there is nothing to drop from. */
  | 'threshold_not_reached';

/** Only `hold` may be stored later: what it changed can be found out again. */
export type Decision =
  | { kind: 'hold'; state: TriggerState; missing?: Missing }
  /** Another phase, and nothing to tell. */
  | { kind: 'move'; state: TriggerState; missing?: Missing }
  /** An event, stored together with the state. */
  | { kind: 'fire'; state: TriggerState; firing: Firing }
  /** What was to be told is older than the trigger allows. */
  | { kind: 'skip'; state: TriggerState };
