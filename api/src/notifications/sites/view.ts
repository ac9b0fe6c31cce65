import type { Goal, NotificationsConfiguration, Site, Trigger } from '../../model/notifications.ts';

/** Sites, goals and triggers in force, looked up without I/O. */
export interface NotificationsView {
  readonly version: number;
  readonly sites: readonly Site[];
  readonly triggers: readonly Trigger[];
  site(id: string): Site | undefined;
  /** The domain as it is kept: lower case, without `www.`. */
  siteByDomain(domain: string): Site | undefined;
  goalsOf(site: string): readonly Goal[];
  triggersOf(site: string): readonly Trigger[];
  triggersOfDestination(id: string): readonly Trigger[];
}

export function createNotificationsView(configuration: NotificationsConfiguration): NotificationsView {
  const { version, sites, goals, triggers } = configuration;
  const byId = new Map(sites.map((site) => [site.id, site]));
  const byDomain = new Map(sites.map((site) => [site.domain, site]));
  const goalsBySite = groupBy(goals, ({ site }) => [site]);
  const triggersBySite = groupBy(triggers, ({ site }) => [site]);
  const triggersByDestination = groupBy(triggers, ({ destinations }) => destinations);
  return {
    version,
    sites,
    triggers,
    site: (id) => byId.get(id),
    siteByDomain: (domain) => byDomain.get(domain),
    goalsOf: (site) => goalsBySite.get(site) ?? [],
    triggersOf: (site) => triggersBySite.get(site) ?? [],
    triggersOfDestination: (id) => triggersByDestination.get(id) ?? [],
  };
}

/** The view of the configuration in force: made anew when that was read anew. */
export function followConfiguration(configuration: {
  readonly current: { readonly notifications: NotificationsConfiguration };
}): { readonly current: NotificationsView } {
  let seen: NotificationsConfiguration | undefined;
  let view: NotificationsView;
  return {
    get current() {
      const { notifications } = configuration.current;
      if (notifications !== seen) {
        view = createNotificationsView(notifications);
        seen = notifications;
      }
      return view;
    },
  };
}

function groupBy<T>(records: readonly T[], keysOf: (record: T) => readonly string[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const record of records)
    for (const key of keysOf(record)) {
      const group = groups.get(key);
      if (group) group.push(record);
      else groups.set(key, [record]);
    }
  return groups;
}
