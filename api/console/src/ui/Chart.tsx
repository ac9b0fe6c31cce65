import { lazy, Suspense, useState } from 'react';
import css from './Chart.module.css';
import type { ChartProps } from './chart-props.ts';
import { Skeleton } from './Skeleton.tsx';
import { exactTime } from './time.ts';

const Plot = lazy(() => import('./Plot.tsx'));

/** Lines over time: hover reads all series, a threshold is labelled at its line, and the figures are there as a table. */
export function Chart(props: ChartProps) {
  const { title, summary, times, series, format, height = 160 } = props;
  const [at, setAt] = useState<number | null>(null);
  const shown = at ?? times.length - 1;
  return (
    <figure className={css.chart} aria-label={`${title}. ${summary}`}>
      <div className={css.head}>
        <h3>{title}</h3>
        <div className={css.legend}>
          {at !== null && times[at] !== undefined && (
            <span>{exactTime(times[at] * 1_000).replace(/\.\d{3}.*/, '')}</span>
          )}
          {series.map(({ label, values, tone }) => (
            <span key={label}>
              <i className={css[tone]} />
              {label} <b>{valueText(values[shown], format)}</b>
            </span>
          ))}
        </div>
      </div>
      <Suspense fallback={<Skeleton height={height} />}>
        <Plot {...props} height={height} onHover={setAt} />
      </Suspense>
      <details className={css.figures}>
        <summary>Figures</summary>
        <div>
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
      </details>
    </figure>
  );
}

function valueText(value: number | null | undefined, format: (value: number) => string): string {
  return value === null || value === undefined ? '–' : format(value);
}
