import type { Schemas } from '../../../client/schemas.ts';
import { type Look, Mark } from '../ui/Mark.tsx';

type DeliveryState = Schemas['DeliveryState'];
type Outcome = Schemas['Decision']['outcome'];

const DELIVERY: Record<DeliveryState, Look> = {
  pending: { tone: 'amber', icon: 'clock' },
  delivering: { tone: 'accent', icon: 'arrow' },
  held: { tone: 'amber', icon: 'pause' },
  delivered: { tone: 'green', icon: 'check' },
  dead: { tone: 'red', icon: 'failed' },
  expired: { tone: 'red', icon: 'expired' },
  cancelled: { tone: 'grey', icon: 'ban' },
};

/** Icon, colour and word of each outcome of a decision. */
export const DECISION_LOOKS: Record<Outcome, Look & { word: string }> = {
  delivery: { tone: 'green', icon: 'check', word: 'sent' },
  held: { tone: 'amber', icon: 'pause', word: 'held' },
  filtered: { tone: 'grey', icon: 'filter', word: 'filtered out' },
  disabled: { tone: 'grey', icon: 'ban', word: 'disabled' },
  error: { tone: 'red', icon: 'error', word: 'error' },
};

export function DeliveryMark({ state }: { state: DeliveryState }) {
  return <Mark {...DELIVERY[state]}>{state}</Mark>;
}

export function DecisionMark({ outcome }: { outcome: Outcome }) {
  return <Mark {...DECISION_LOOKS[outcome]}>{DECISION_LOOKS[outcome].word}</Mark>;
}
