import { eventLink } from '../../model/event-link.ts';
import type { Counting } from '../../store/counting.ts';
import type { Firing } from './firing.ts';
import type { Details } from './payload.ts';
import type { Rule } from './rule.ts';

export interface ReadDetailsDeps {
  counting: Pick<Counting, 'readTop' | 'readDropped'>;
  /** Of the dashboard, where people see the event; without it notifications lead to the site. */
  publicUrl?: string | undefined;
}

/** What a notification says besides the reading: the top of its window, and where people see more of the event with this id. */
export type ReadDetails = (rule: Rule, firing: Firing, id: string) => Promise<Details>;

const TOP = 3;
const SECOND = 1_000;

export function createReadDetails({ counting, publicUrl }: ReadDetailsDeps): ReadDetails {
  return async (rule, firing, id) => ({ id, url: urlOf(rule, id), ...(await readCounts(rule, firing)) });

  async function readCounts(
    { site, windowMs }: Rule,
    { type, value, window, last_hit }: Firing,
  ): Promise<Pick<Details, 'top' | 'dropped'>> {
    // A completion that is told by itself says its own page.
    if (type === 'goal.completed' && value === 1) return {};
    const seconds = type === 'goal.completed' ? Math.ceil((window.to - window.from) / SECOND) : windowMs / SECOND;
    const top = await counting.readTop({ site: site.id, window_s: Math.max(seconds, 1) }, TOP);
    if (type !== 'site.silent') return { top };
    return { top, dropped: await counting.readDropped(site.id, last_hit ?? window.from) };
  }

  function urlOf({ site }: Rule, event: string): string {
    return publicUrl === undefined ? `https://${site.domain}/` : eventLink(publicUrl, event);
  }
}
