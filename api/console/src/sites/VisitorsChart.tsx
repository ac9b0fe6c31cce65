import { useMemo } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { faultOf } from '../app/faults.ts';
import { Chart } from '../ui/Chart.tsx';
import { inWords, type Marks, type Series, type Spans } from '../ui/chart-props.ts';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { SkeletonBlock } from '../ui/Skeleton.tsx';
import { useVisitors } from './data.ts';
import type { Range } from './ranges.ts';
import { type Condition, thresholdLine } from './threshold.ts';

interface VisitorsChartProps {
  site: string;
  range: Range;
  /** Over which time visitors are counted; empty: 5 minutes. */
  window?: string;
  /** What is compared with them. */
  condition?: Condition;
  marks?: Marks | undefined;
  spans?: Spans | undefined;
  /** A heading above it names it. */
  untitled?: boolean;
}

const HEIGHT = 220;
const number = (value: number) =>
  (value < 100 ? Math.round(value * 10) / 10 : Math.round(value)).toLocaleString('en-GB');

/** Visitors of a site over time, with what is usual, and the line of a trigger. */
export function VisitorsChart({
  site,
  range,
  window = '',
  condition,
  marks,
  spans,
  untitled = false,
}: VisitorsChartProps) {
  const { data, error, refetch } = useVisitors(site, range, window || '5m');
  const isDrop = condition?.type === 'visitor_drop';
  const drawn = useMemo(() => data && linesOf(data, isDrop), [data, isDrop]);
  const { type, threshold: absolute, relative_threshold } = condition ?? {};
  const threshold = useMemo(
    () => (data && type && thresholdLine({ type, threshold: absolute, relative_threshold }, data.points)) || undefined,
    [data, type, absolute, relative_threshold],
  );
  if (error && !data) return <ErrorNote fault={faultOf(error)} onRetry={() => void refetch()} />;
  if (!drawn) return <SkeletonBlock height={HEIGHT} />;
  return (
    <Chart
      untitled={untitled}
      title={`Visitors in ${window || '5m'}`}
      summary={`${inWords(drawn.series, number)}${typeof threshold?.value === 'number' ? `; it ${threshold.label}` : ''}`}
      times={drawn.times}
      series={drawn.series}
      format={number}
      whole
      threshold={threshold}
      marks={marks}
      spans={spans}
      height={HEIGHT}
    />
  );
}

function linesOf({ points, step_s }: Schemas['SiteVisitors'], isDrop: boolean): { times: number[]; series: Series[] } {
  const isThinned = step_s > 300;
  const visitors: Series = {
    label: isThinned ? `visitors, ${isDrop ? 'fewest' : 'most'} of ${step_s / 60} min` : 'visitors',
    values: points.map((point) => (isDrop ? point.least : point.visitors)),
    tone: 'accent',
    gaps: true,
  };
  const usual: Series = { label: 'usual', values: points.map((point) => point.usual), tone: 'grey', gaps: true };
  const isKnown = usual.values.some((value) => value !== null);
  return { times: points.map(({ at }) => Date.parse(at) / 1_000), series: isKnown ? [visitors, usual] : [visitors] };
}
