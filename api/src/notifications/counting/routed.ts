import type { Counting } from '../../store/counting.ts';
import type { NotificationsView } from '../sites/view.ts';

export interface RoutedCountingDeps {
  notifications: { readonly current: NotificationsView };
  /** Counts hits, and keeps the values of all sites. */
  hits: Counting;
  plausible: Counting;
}

/** Counts each site where it is counted: one call to each origin that has some of what is asked for. */
export function createRoutedCounting({ notifications, hits, plausible }: RoutedCountingDeps): Counting {
  const goals = new WeakMap<NotificationsView, ReadonlySet<string>>();

  const isElsewhere = (site: string) => notifications.current.site(site)?.counted_by === 'plausible';

  function isGoalElsewhere(goal: string): boolean {
    const view = notifications.current;
    const known = goals.get(view) ?? goalsElsewhere(view);
    goals.set(view, known);
    return known.has(goal);
  }

  const originOf = (site: string) => (isElsewhere(site) ? plausible : hits);

  return {
    async countVisitors(windows) {
      const split = splitBy(windows, ({ site }) => isElsewhere(site));
      const [own, other] = await Promise.all([hits.countVisitors(split.no), plausible.countVisitors(split.yes)]);
      return { now: own.now, counts: split.join(own.counts, other.counts) };
    },
    async readSites(sites) {
      const split = splitBy(sites, isElsewhere);
      const [own, other] = await Promise.all([hits.readSites(split.no), plausible.readSites(split.yes)]);
      return new Map([...own, ...other]);
    },
    async readTouched(after) {
      const [ownAfter = '', otherAfter = ''] = after.split(' ');
      const [own, other] = await Promise.all([hits.readTouched(ownAfter), plausible.readTouched(otherAfter)]);
      return { sites: [...own.sites, ...other.sites], cursor: `${own.cursor} ${other.cursor}` };
    },
    async countCompletions(wanted) {
      const split = splitBy(wanted, ({ goal }) => isGoalElsewhere(goal));
      const [own, other] = await Promise.all([hits.countCompletions(split.no), plausible.countCompletions(split.yes)]);
      return { now: own.now, items: split.join(own.items, other.items) };
    },
    readTop: (window, limit) => originOf(window.site).readTop(window, limit),
    readDropped: (site, since) => originOf(site).readDropped(site, since),
    saveValues: hits.saveValues,
    readValues: (window, from, to) => originOf(window.site).readValues(window, from, to),
    async readHours(items) {
      const split = splitBy(items, ({ site }) => isElsewhere(site));
      return split.join(await hits.readHours(split.no), await plausible.readHours(split.yes));
    },
  };
}

function goalsElsewhere(view: NotificationsView): ReadonlySet<string> {
  const sites = view.sites.filter(({ counted_by }) => counted_by === 'plausible');
  return new Set(sites.flatMap(({ id }) => view.goalsOf(id).map((goal) => goal.id)));
}

/** Two lists of one, and the way back to its order. */
function splitBy<T>(items: readonly T[], isYes: (item: T) => boolean) {
  const yes = items.map(isYes);
  return {
    yes: items.filter((_, i) => yes[i]),
    no: items.filter((_, i) => !yes[i]),
    join<R>(ofNo: readonly R[], ofYes: readonly R[]): R[] {
      const [no, other] = [ofNo.values(), ofYes.values()];
      return yes.map((one) => (one ? other : no).next().value as R);
    },
  };
}
