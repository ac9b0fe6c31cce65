import { lazy, Suspense, useState } from 'react';
import css from './Chart.module.css';
import type { ChartProps } from './chart-props.ts';
import { SkeletonBlock } from './Skeleton.tsx';
import { exactTime } from './time.ts';

const Plot = lazy(() => import('./Plot.tsx'));

/** Lines over time: hover reads all series, a threshold is labelled at its line, and the figures are there as a table. */
export function Chart(props: ChartProps) {
  const { title, untitled = false, summary, times, series, format, height = 160 } = props;
  const [at, setAt] = useState<number | null>(null);
  const shown = at ?? lastKnown(props);
  return (
    <figure className={css.chart} aria-label={`${title}. ${summary}`}>
      <div className={css.head}>
        {!untitled && <h3>{title}</h3>}
        <div className={css.legend}>
          {at !== null && times[at] !== undefined && <span>{toTheMinute(times[at])}</span>}
          {series.map(({ label, values, tone }) => (
            <span key={label}>
              <i className={css[tone]} />
              {label} <b>{valueText(values[shown], format)}</b>
            </span>
          ))}
          <Happened {...props} />
        </div>
      </div>
      <Suspense fallback={<SkeletonBlock height={height} />}>
        <Plot {...props} height={height} onHover={setAt} />
      </Suspense>
      <Figures {...props} />
    </figure>
  );
}

/** What the arrows and the shades stand for, and how many there are. */
function Happened({ times, marks, spans }: ChartProps) {
  const [first = 0, last = 0] = [times[0], times.at(-1)];
  const marked = marks?.times.filter((time) => time >= first && time <= last).length ?? 0;
  return (
    <>
      {spans && spans.ranges.length > 0 && (
        <span>
          <i className={`${css.shade} ${css[spans.tone]}`} />
          {spans.label} <b>{spans.ranges.length}</b>
        </span>
      )}
      {marks && marked > 0 && (
        <span>
          <i className={`${css.arrow} ${css[marks.tone]}`} />
          {marks.label} <b>{marked}</b>
        </span>
      )}
    </>
  );
}

function Figures({ times, series, format, marks, spans }: ChartProps) {
  const [open, setOpen] = useState(false);
  return (
    <details className={css.figures} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Figures</summary>
      {open && (
        <div>
          {spans?.ranges.map(({ from, to }) => (
            <p key={from}>
              {spans.label}: {toTheMinute(from)} to {toTheMinute(to)}
            </p>
          ))}
          {marks && marks.times.length > 0 && (
            <p>
              {marks.label}: {marks.times.map(toTheMinute).join('; ')}
            </p>
          )}
          <table>
            <thead>
              <tr>
                <th scope="col">Time</th>
                {series.map(({ label }) => (
                  <th key={label} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((time, index) => (
                <tr key={time}>
                  <th scope="row">{exactTime(time * 1_000)}</th>
                  {series.map(({ label, values }) => (
                    <td key={label}>{valueText(values[index], format)}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}

/** Without a pointer the newest measure of what the chart is about is read: the last step may have none yet. */
function lastKnown({ times, series }: ChartProps): number {
  const index = series[0]?.values.findLastIndex((value) => value !== null) ?? -1;
  return index === -1 ? times.length - 1 : index;
}

function toTheMinute(seconds: number): string {
  return exactTime(seconds * 1_000).replace(/:\d\d\.\d{3}.*/, '');
}

function valueText(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value);
}
