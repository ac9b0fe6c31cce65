import type { Schemas } from '../../../client/schemas.ts';
import { DECISION_LOOKS } from '../app/states.tsx';
import { Mark } from '../ui/Mark.tsx';
import css from './events.module.css';

type Decision = Schemas['Decision'];

/** What needs a hand first. */
const ORDER: Decision['outcome'][] = ['error', 'held', 'delivery', 'filtered', 'disabled'];

/** What became of an event, in a line: "1 held, 2 sent on". */
export function DecisionSummary({ decisions }: { decisions: readonly Decision[] }) {
  if (decisions.length === 0) {
    return (
      <Mark tone="grey" icon="skip">
        no mapping
      </Mark>
    );
  }
  const groups = ORDER.map((outcome) => ({
    outcome,
    of: decisions.filter((decision) => decision.outcome === outcome),
  }));
  return (
    <span className={css.summary}>
      {groups
        .filter(({ of }) => of.length > 0)
        .map(({ outcome, of }) => (
          <Mark key={outcome} {...DECISION_LOOKS[outcome]}>
            {of.length} {DECISION_LOOKS[outcome].word}
          </Mark>
        ))}
    </span>
  );
}
