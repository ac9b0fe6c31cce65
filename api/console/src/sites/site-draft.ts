import type { Schemas } from '../../../client/schemas.ts';
import { differences } from '../app/form-texts.ts';

type CountedBy = NonNullable<Schemas['SiteFields']['counted_by']>;

/** A site as its form has it: texts, as typed. */
export interface SiteDraft {
  name: string;
  domain: string;
  timezone: string;
  countedBy: CountedBy;
  statisticsUrl: string;
  /** Of one that there is, its mask. */
  statisticsKey: string;
}

export function newSite(): SiteDraft {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return { name: '', domain: '', timezone: timeZone, countedBy: 'hits', statisticsUrl: '', statisticsKey: '' };
}

export function siteDraftOf(site: Schemas['Site']): SiteDraft {
  const { name = '', domain = '', timezone = '', counted_by = 'hits', statistics_url = '', statistics_key = '' } = site;
  return {
    ...{ domain, timezone, countedBy: counted_by, statisticsUrl: statistics_url, statisticsKey: statistics_key },
    // One without a name is called after its domain.
    name: name === domain ? '' : name,
  };
}

/** Every field that can change, as the API takes it. */
export function siteFieldsOf({ name, domain, timezone, countedBy, statisticsUrl, statisticsKey }: SiteDraft) {
  return {
    name: name.trim() || domain.trim(),
    timezone: timezone.trim(),
    counted_by: countedBy,
    statistics_url: statisticsUrl.trim(),
    statistics_key: statisticsKey.trim(),
  };
}

/** What Plausible needs is left out where hits are counted. */
export function siteBodyOf(draft: SiteDraft, account: string | undefined): Schemas['NewSite'] {
  const { name, timezone, ...elsewhere } = siteFieldsOf(draft);
  return {
    domain: draft.domain.trim(),
    timezone,
    ...(draft.name.trim() !== '' && { name }),
    ...(draft.countedBy === 'plausible' && elsewhere),
    ...(account !== undefined && { account }),
  };
}

export function siteChangesOf(before: SiteDraft, after: SiteDraft): Schemas['SiteChanges'] {
  return differences(siteFieldsOf(before), siteFieldsOf(after));
}
