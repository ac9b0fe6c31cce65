import { createHash } from 'node:crypto';
import type { Window } from './reading.ts';
import type { FiringType } from './state.ts';

/** What a trigger tells at one moment. Times are milliseconds since the epoch. */
export interface Firing {
  type: FiringType;
  /** Of what is told: the reading, or a completion that is told by itself. */
  occurred_at: number;
  window: Window;
  /** Visitors, or completions. */
  value: number;
  /** What the value is compared with; absent: every completion is told. */
  threshold?: number;
  baseline?: number;
  /** Told later than it began (quiet hours), again, or when it is over: since when. */
  since?: number;
  /** How often it was told before. */
  repetition?: number;
  /** Of a recovery: the most (spike) or the fewest (drop) visitors meanwhile. */
  peak?: number;
  /** `site.silent`: when the last hit came. */
  last_hit?: number;
  /** Of completions in the goal's currency. */
  revenue?: string;
  /** Of a completion that is told by itself. */
  page?: string;
  /** More came in this minute than are told one by one. */
  rest?: true;
  /** It is told later than the trigger's `expires_after`. */
  late?: true;
}

const ID_LENGTH = 15;
const ID_SPACE = 36n ** BigInt(ID_LENGTH);

/** The id of the event that a trigger raises out of the state with this epoch, and of its deliveries: made twice, it is the same. */
export function firingId(trigger: string, epoch: number, destination = ''): string {
  const digest = createHash('sha256').update(`${trigger} ${epoch} ${destination}`).digest('hex');
  return (BigInt(`0x${digest}`) % ID_SPACE).toString(36).padStart(ID_LENGTH, '0');
}
