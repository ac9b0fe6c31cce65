import { useMemo } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { Chart } from '../ui/Chart.tsx';
import { inWords, type Series } from '../ui/chart-props.ts';
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
      <Chart
        title={`Events, ${each}`}
        summary={inWords(events, number)}
        times={times}
        series={events}
        format={number}
      />
      <Chart
        title={`Attempts, ${each}`}
        summary={inWords(attempts, number)}
        times={times}
        series={attempts}
        format={number}
        whole
      />
      <Chart
        title="Time of an attempt"
        summary={inWords(speed, duration)}
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
