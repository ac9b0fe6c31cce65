import { useMutation } from '@tanstack/react-query';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { useMayWrite } from '../app/session.tsx';
import { Button } from '../ui/Button.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { Section } from '../ui/Page.tsx';
import { ExactTime } from '../ui/Time.tsx';
import css from './sites.module.css';

type Result = Schemas['TriggerBacktestResult'];

const SHOWN = 20;

/** How often a trigger would have told of the last 30 days; nothing for viewers. */
export function Backtest({
  given,
  onSuggest,
}: {
  given: Schemas['TriggerBacktest'];
  onSuggest?: (threshold: number) => void;
}) {
  const api = useApi();
  const run = useMutation({ mutationFn: () => api.post('/api/v1/triggers/backtest', { body: given }) });
  if (!useMayWrite()) return null;
  return (
    <Section
      title="Backtest"
      actions={
        <Button pending={run.isPending} onClick={() => run.mutate()}>
          Try on the last 30 days
        </Button>
      }
    >
      {run.error && <ErrorNote fault={faultOf(run.error)} />}
      {run.data && <Outcome result={run.data} onSuggest={onSuggest} />}
    </Section>
  );
}

function Outcome({ result, onSuggest }: { result: Result; onSuggest: ((threshold: number) => void) | undefined }) {
  const { count, judged, firings, suggested_threshold } = result;
  return (
    <div role="status">
      <p>
        <b>It would have told {count === 1 ? 'once' : `${count} times`}.</b>{' '}
        {judged < 1 && `${Math.round(judged * 100)} % of the time could be judged: the rest was not counted.`}
      </p>
      {suggested_threshold !== null && (
        <p>
          With {suggested_threshold} it would have told about once a week.{' '}
          {onSuggest && (
            <Button small onClick={() => onSuggest(suggested_threshold)}>
              Use {suggested_threshold}
            </Button>
          )}
        </p>
      )}
      <ul className={css.firings}>
        {firings.slice(0, SHOWN).map(({ at, type, value, threshold }) => (
          <li key={`${at} ${type}`}>
            <ExactTime at={at} /> <code>{type}</code> {value} visitors, threshold {threshold}
          </li>
        ))}
      </ul>
      {firings.length > SHOWN && <p>And {count - SHOWN} more.</p>}
    </div>
  );
}
