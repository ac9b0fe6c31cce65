import { useMemo } from 'react';
import { Backtest, wouldHaveTold } from './Backtest.tsx';
import { windowOf } from './condition.ts';
import { useBacktest } from './data.ts';
import css from './sites.module.css';
import { type Draft, fieldsOf, triedOf } from './trigger-draft.ts';
import { VisitorsChart } from './VisitorsChart.tsx';

interface TriedProps {
  site: string;
  draft: Draft;
  onSuggest: (threshold: number) => void;
}

/** Beside the fields of a spike or drop: its line on the last 30 days, and where it would have told. */
export function Tried({ site, draft, onSuggest }: TriedProps) {
  const backtest = useBacktest(triedOf(site, draft));
  const marks = useMemo(() => wouldHaveTold(backtest.data), [backtest.data]);
  if (draft.type === 'goal_completion') return null;
  const { type, threshold, relative_threshold } = fieldsOf(draft);
  return (
    <div className={css.tried}>
      <VisitorsChart
        site={site}
        range="30d"
        window={windowOf({ type, window: draft.window.trim() })}
        condition={{ type, threshold, relative_threshold }}
        marks={marks}
      />
      <Backtest query={backtest} onSuggest={onSuggest} />
    </div>
  );
}
