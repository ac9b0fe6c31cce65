import { kindsOf } from '../../kinds/index.ts';
import type { UnreadableRecord } from '../../model/configuration.ts';
import type { Goal, NotificationsConfiguration, Site, Trigger } from '../../model/notifications.ts';
import { type Cache, type CacheDeps, createCache } from '../../store/configuration-cache.ts';

/** Sites, goals and triggers in force, looked up without I/O. */
export interface NotificationsView {
  readonly version: number;
  /** What is out of service until somebody corrects it. */
  readonly unreadable: readonly UnreadableRecord[];
  readonly sites: readonly Site[];
  readonly triggers: readonly Trigger[];
  site(id: string): Site | undefined;
  /** The domain as it is kept: lower case, without `www.`. */
  siteByDomain(domain: string): Site | undefined;
  goal(id: string): Goal | undefined;
  trigger(id: string): Trigger | undefined;
  goalsOf(site: string): readonly Goal[];
  triggersOf(site: string): readonly Trigger[];
  triggersOfDestination(id: string): readonly Trigger[];
}

export function createNotificationsView(configuration: NotificationsConfiguration): NotificationsView {
  const { version, unreadable = [], sites, goals, triggers } = configuration;
  const byId = new Map(sites.map((site) => [site.id, site]));
  const byDomain = new Map(sites.map((site) => [site.domain, site]));
  const goalsById = new Map(goals.map((goal) => [goal.id, goal]));
  const triggersById = new Map(triggers.map((trigger) => [trigger.id, trigger]));
  const goalsBySite = groupBy(goals, ({ site }) => [site]);
  const triggersBySite = groupBy(triggers, ({ site }) => [site]);
  const triggersByDestination = groupBy(triggers, ({ destinations }) => destinations);
  return {
    version,
    unreadable,
    sites,
    triggers,
    site: (id) => byId.get(id),
    siteByDomain: (domain) => byDomain.get(domain),
    goal: (id) => goalsById.get(id),
    trigger: (id) => triggersById.get(id),
    goalsOf: (site) => goalsBySite.get(site) ?? [],
    triggersOf: (site) => triggersBySite.get(site) ?? [],
    triggersOfDestination: (id) => triggersByDestination.get(id) ?? [],
  };
}

export type NotificationsDeps = Pick<CacheDeps<NotificationsKind, NotificationsView>, 'load' | 'logger'>;

type NotificationsKind = Exclude<keyof NotificationsConfiguration, 'version' | 'unreadable'>;

/** Read by itself: an edit of a site costs a mapping nothing, nor the other way round. */
export function createNotificationsCache(deps: NotificationsDeps): Cache<NotificationsView> {
  const kinds = kindsOf('notifications') as NotificationsKind[];
  return createCache({ ...deps, kinds, toView: createNotificationsView });
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
