import { useMemo } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { Chart } from '../ui/Chart.tsx';
import type { Series } from '../ui/chart-props.ts';
import { duration } from '../ui/time.ts';
import css from './overview.module.css';

type Overview = Schemas['Overview'];

const number = (value: number) => Math.round(value).toLocaleString('en-GB');

/** What came, what went and how fast, over the time that is looked at. */
export function Charts({ overview: { series, bucket_s } }: { overview: Overview }) {
  const { times, events, attempts, speed } = useMemo(
    () => ({
      times: series.map(({ at }) => Date.parse(at) / 1_000),
      events: [
        line(
          'events',
          'accent',
          series.map((point) => point.events),
        ),
      ],
      attempts: [
        line(
          'succeeded',
          'green',
          series.map((point) => point.attempts - point.failed_attempts),
        ),
        line(
          'failed',
          'red',
          series.map((point) => point.failed_attempts),
        ),
      ],
      speed: [
        line(
          '95 of 100 within',
          'accent',
          series.map(({ p95_ms }) => p95_ms),
        ),
      ],
    }),
    [series],
  );
  const each = bucket_s === 60 ? 'each minute' : `each ${bucket_s / 60} minutes`;
  return (
    <div className={css.charts}>
      <Chart title={`Events, ${each}`} summary={words(events, number)} times={times} series={events} format={number} />
      <Chart
        title={`Attempts, ${each}`}
        summary={words(attempts, number)}
        times={times}
        series={attempts}
        format={number}
      />
      <Chart
        title="Time of an attempt"
        summary={words(speed, duration)}
        times={times}
        series={speed}
        format={duration}
      />
    </div>
  );
}

function line(label: string, tone: Series['tone'], values: Series['values']): Series {
  return { label, tone, values };
}

/** The text in place of the picture. */
function words(series: readonly Series[], format: (value: number) => string): string {
  return series
    .map(({ label, values }) => {
      const known = values.filter((value) => value !== null);
      if (known.length === 0) return `${label}: none`;
      return `${label}: between ${format(Math.min(...known))} and ${format(Math.max(...known))}, ${format(known.at(-1) ?? 0)} at last`;
    })
    .join('; ');
}
