import type { Schemas } from '../../../client/schemas.ts';
import { faultOf } from '../app/faults.ts';
import { Button } from '../ui/Button.tsx';
import type { Marks } from '../ui/chart-props.ts';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { ExactTime } from '../ui/Time.tsx';
import type { useBacktest } from './data.ts';
import css from './sites.module.css';

type Result = Schemas['TriggerBacktestResult'];

const SHOWN = 20;

/** Where a trigger would have told, on its chart. */
export function wouldHaveTold(result: Result | undefined): Marks | undefined {
  return (
    result && {
      label: 'would have told',
      tone: 'amber',
      times: result.firings.map(({ at }) => Date.parse(at) / 1_000),
    }
  );
}

/** How often a trigger would have told in the last 30 days; nothing while there is nothing to try. */
export function Backtest({
  query: { data, error, isPlaceholderData },
  onSuggest,
}: {
  query: ReturnType<typeof useBacktest>;
  onSuggest?: ((threshold: number) => void) | undefined;
}) {
  if (error) return <ErrorNote fault={faultOf(error)} />;
  if (!data) return null;
  const { count, judged, firings, suggested_threshold } = data;
  return (
    <div role="status" className={isPlaceholderData ? css.stale : css.backtest}>
      <p>
        <b>It would have told {timesOf(count)} in the last 30 days.</b>{' '}
        {judged < 1 &&
          `${Math.round(judged * 100)} % of the time could be judged: in the rest nothing was counted, or there was nothing to compare with yet.`}
      </p>
      {suggested_threshold !== null && (
        <p>
          With {suggested_threshold} about once a week.{' '}
          {onSuggest && (
            <Button small onClick={() => onSuggest(suggested_threshold)}>
              Use {suggested_threshold}
            </Button>
          )}
        </p>
      )}
      {firings.length > 0 && (
        <details>
          <summary>When</summary>
          <ul className={css.firings}>
            {firings.slice(0, SHOWN).map(({ at, type, value, threshold }) => (
              <li key={`${at} ${type}`}>
                <ExactTime at={at} /> <code>{type}</code> {value} visitors, threshold {threshold}
              </li>
            ))}
            {firings.length > SHOWN && <li>And {count - SHOWN} more.</li>}
          </ul>
        </details>
      )}
    </div>
  );
}

function timesOf(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
