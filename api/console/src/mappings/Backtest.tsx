import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { Button } from '../ui/Button.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { Mark } from '../ui/Mark.tsx';
import { Section } from '../ui/Page.tsx';
import css from './mappings.module.css';

type Result = Schemas['BacktestResult'];
type Change = Result['events'][number]['change'];

const LAST = 500;
const SHOWN = 20;

const WORDS: Record<Change, string> = {
  newly_delivered: 'would be sent now',
  newly_dropped: 'would be sent no more',
  changed_body: 'another body',
  error: 'error',
  unchanged: 'unchanged',
};

/** What an edit changes for the newest events of its source, before it is saved. */
export function Backtest({ given }: { given: Schemas['Backtest'] | undefined }) {
  const api = useApi();
  const run = useMutation({
    mutationFn: (body: Schemas['Backtest']) => api.post('/api/v1/mappings/backtest', { body: { ...body, last: LAST } }),
  });
  return (
    <Section
      title="Backtest"
      actions={
        <Button disabled={!given} pending={run.isPending} onClick={() => given && run.mutate(given)}>
          Try on the last {LAST} events
        </Button>
      }
    >
      {run.error && <ErrorNote fault={faultOf(run.error)} />}
      {run.data && <Outcome result={run.data} />}
    </Section>
  );
}

function Outcome({ result: { totals, complete, events } }: { result: Result }) {
  const changed = events.filter(({ change }) => change !== 'unchanged');
  return (
    <div className={css.backtest} role="status">
      <p>
        <b>
          {changed.length} of {totals.events} events would change
        </b>
        {!complete && '; time ran out before the last'}
      </p>
      <ul>
        {changed.slice(0, SHOWN).map(({ event, type, change, after, body_changes }) => (
          <li key={event}>
            <Mark tone={change === 'error' ? 'red' : 'amber'} icon={change === 'error' ? 'error' : 'arrow'}>
              {WORDS[change]}
            </Mark>
            <Link to="/events/$id" params={{ id: event } as never}>
              {type || event}
            </Link>
            {after.outcome === 'error' && <span>{after.message}</span>}
            {body_changes.slice(0, 3).map(({ path, before, after: now }) => (
              <span key={path} className={css.diff}>
                <code>{path || 'body'}</code> <del>{before}</del> <ins>{now}</ins>
              </span>
            ))}
          </li>
        ))}
      </ul>
      {changed.length > SHOWN && <p>And {changed.length - SHOWN} more.</p>}
    </div>
  );
}
