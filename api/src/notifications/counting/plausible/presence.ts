import { CURRENT_S } from './questions.ts';

/** When visitors of a site were seen. Milliseconds since the epoch; absent: not yet. */
export interface Presence {
  first?: number;
  last?: number;
  /** Since when readings cover every moment: before that, a visitor may have come unseen. */
  since?: number;
}

/** Remembers what the readings of 5 minutes said about whether somebody is there. */
export function createPresence() {
  const bySite = new Map<string, Presence & { at: number }>();
  return {
    noticed(site: string, { at, value }: { at: number; value: number }): void {
      const known = bySite.get(site);
      const covers = at - CURRENT_S * 1_000;
      const since = known?.since !== undefined && covers <= known.at ? known.since : covers;
      const seen = value > 0 ? { first: known?.first ?? at, last: at } : {};
      bySite.set(site, { ...known, ...seen, since, at });
    },
    of: (site: string): Presence => bySite.get(site) ?? {},
  };
}
