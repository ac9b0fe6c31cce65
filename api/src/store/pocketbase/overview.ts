import type { DestinationHealth } from '../../model/configuration.ts';
import type { FailingDestination, Overview, ReadOverview, TrafficCounts } from '../overview.ts';
import { type CallDeps, callRoute } from './call.ts';
import { toModelTime, withModelTimes } from './times.ts';

type FailingRow = Omit<FailingDestination, 'health'> & { breaker: DestinationHealth['state'] } & Omit<
    DestinationHealth,
    'state'
  >;

/** As the route gives it (pocketbase/internal/overview): times in PocketBase's form, empty lists as null. */
interface Answer {
  config_version?: number;
  from: string;
  to: string;
  bucket_s: number;
  totals: TrafficCounts;
  previous: TrafficCounts;
  series: (TrafficCounts & { at: string })[];
  backlog: Overview['backlog'] & { oldest_due_at: string };
  failing_destinations: FailingRow[] | null;
  silent_sites: (Omit<Overview['silent_sites'][number], 'last_hit'> & { last_hit: number | null })[] | null;
}

export function createReadOverview(deps: CallDeps): ReadOverview {
  return async (range, scope) => {
    const answer = await callRoute<Answer>(deps, 'overview', { range, account: scope ?? '' });
    const { oldest_due_at, ...backlog } = answer.backlog;
    return {
      range,
      from: toModelTime(answer.from),
      to: toModelTime(answer.to),
      bucket_s: answer.bucket_s,
      totals: answer.totals,
      previous: answer.previous,
      series: answer.series.map((bucket) => ({ ...bucket, at: toModelTime(bucket.at) })),
      backlog: { ...backlog, oldest_due_at: oldest_due_at === '' ? null : toModelTime(oldest_due_at) },
      failing_destinations: (answer.failing_destinations ?? []).map(toFailing),
      silent_sites: (answer.silent_sites ?? []).map(({ last_hit, ...site }) => ({
        ...site,
        last_hit: last_hit === null ? null : new Date(last_hit).toISOString(),
      })),
    };
  };
}

function toFailing(row: FailingRow): FailingDestination {
  const { breaker: state, failures, failing_since, next_probe_at, ...destination } = withModelTimes<FailingRow>(row);
  return { ...destination, health: { state, failures, failing_since, next_probe_at } };
}
