import type { ReadSiteHits, SiteHitsNow } from '../notifications/sites/read-site-hits.ts';
import type { ReadDetails } from './records-router.ts';

export interface SiteHitsDeps {
  readSiteHits: ReadSiteHits;
}

/** What reading sites shows besides the records: whether their hits arrive. */
export function siteHits({ readSiteHits }: SiteHitsDeps): ReadDetails {
  return async (ids, shown) => {
    const hits = await readSiteHits(ids, shown === 'one');
    return (id) => ({ hits: toShown(hits.get(id)) });
  };
}

function toShown(hits: SiteHitsNow | undefined) {
  return hits ? { ...hits, first: iso(hits.first), last: iso(hits.last) } : null;
}

function iso(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
