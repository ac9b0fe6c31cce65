import { BLANK_TRIGGER } from '../../model/blank.ts';
import type { Counting } from '../../store/counting.ts';
import type { TriggerStore } from '../../store/triggers.ts';
import { isSilent } from '../triggers/judge.ts';
import { readLevels } from '../triggers/readings.ts';
import { makeRule, type Rule } from '../triggers/rule.ts';
import { createUsualValues } from '../triggers/usual.ts';
import { zoneOrUtc } from '../triggers/zone.ts';
import type { NotificationsView } from './view.ts';

/** Whether hits of a site arrive. Times are milliseconds since the epoch. */
export interface SiteHitsNow {
  /** Null: none came yet. */
  first: number | null;
  last: number | null;
  /** In the last 5 minutes; null: they can't be counted now. */
  visitors: number | null;
  /** No hit came for so long that the tracker may be broken, as triggers judge it. */
  silent: boolean;
  /** Hits since the last good one, or of a day, that were not counted, by reason; only of a site that is looked at alone. */
  dropped?: Record<string, number>;
}

export interface ReadSiteHitsDeps {
  notifications: { readonly current: Pick<NotificationsView, 'site'> };
  counting: Pick<Counting, 'countVisitors' | 'readSites' | 'readHours' | 'countCompletions' | 'readDropped'>;
  triggers: Pick<TriggerStore, 'readLease'>;
}

/** Reads it of some sites; nothing is said of one that is too new, or that somebody else counts. @throws Problem `store_unavailable` */
export type ReadSiteHits = (sites: readonly string[], withDropped: boolean) => Promise<Map<string, SiteHitsNow>>;

const DAY = 86_400_000;

export function createReadSiteHits({ notifications, counting, triggers }: ReadSiteHitsDeps): ReadSiteHits {
  const usual = createUsualValues(counting);
  return async (ids, withDropped) => {
    const rules = ids.flatMap((id) => watching(notifications.current.site(id)));
    if (rules.length === 0) return new Map();
    const { counting_since, now } = await triggers.readLease();
    await usual.refresh(rules, now);
    const levels = await readLevels({ counting, usual }, rules, counting_since);
    return new Map(await Promise.all(rules.map(async (rule) => [rule.site.id, await hitsOf(rule)] as const)));

    async function hitsOf(rule: Rule): Promise<SiteHitsNow> {
      const reading = levels.of(rule);
      const { first_hit: first = null, last_hit: last = null } = reading ?? {};
      const dropped = withDropped ? await counting.readDropped(rule.site.id, last ?? now - DAY) : undefined;
      return {
        ...{ first, last },
        visitors: reading?.value ?? null,
        silent: reading !== undefined && isSilent(reading),
        ...(dropped && { dropped: Object.fromEntries(dropped.map(({ reason, count }) => [reason, count])) }),
      };
    }
  };
}

/** What a drop trigger of it would see in 5 minutes: the one that tells of silence. */
function watching(site: ReturnType<NotificationsView['site']>): Rule[] {
  return site?.counted_by === 'hits'
    ? [makeRule({ ...BLANK_TRIGGER, type: 'visitor_drop', window: '5m', site: site.id }, site, undefined, zoneOrUtc)]
    : [];
}
