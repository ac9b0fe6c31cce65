import { formatDuration } from '../model/duration.ts';
import { pacesOf } from '../notifications/counting/plausible/questions.ts';
import type { NotificationsView } from '../notifications/sites/view.ts';
import type { StatisticsHealth, StatisticsStore } from '../store/statistics.ts';
import type { ReadDetails } from './records-router.ts';

export interface SiteStatisticsDeps {
  statistics: Pick<StatisticsStore, 'read'>;
  notifications: { readonly current: NotificationsView };
}

/** What reading sites shows besides the records: how those that are counted elsewhere are read. */
export function siteStatistics({ statistics, notifications }: SiteStatisticsDeps): ReadDetails {
  return async (ids) => {
    const view = notifications.current;
    const elsewhere = ids.filter((id) => view.site(id)?.counted_by === 'plausible');
    const health = elsewhere.length === 0 ? [] : await statistics.read(elsewhere);
    const bySite = new Map(health.map((one) => [one.site, one]));
    const paces = elsewhere.length === 0 ? new Map<string, number>() : pacesOf(view);
    return (id) => ({ statistics: elsewhere.includes(id) ? shown(bySite.get(id), paces.get(id)) : null });
  };
}

function shown(health: StatisticsHealth | undefined, everyMs: number | undefined) {
  const { read_at = 0, problem = null } = health ?? {};
  return {
    every: everyMs === undefined ? null : formatDuration(everyMs),
    read_at: read_at === 0 ? null : iso(read_at),
    problem: problem && {
      code: problem.code,
      message: problem.message,
      since: iso(problem.since),
      retry_at: iso(problem.retry_at),
    },
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
