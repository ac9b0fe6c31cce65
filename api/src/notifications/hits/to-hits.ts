import { isbot } from 'isbot';
import type { Site } from '../../model/notifications.ts';
import { completedBy } from '../goals/match.ts';
import type { NotificationsView } from '../sites/view.ts';
import type { DropReason } from './dropped-tally.ts';
import type { Hit } from './recorder.ts';
import { sourceOf } from './source.ts';
import type { TrackedEvent } from './tracked-event.ts';
import { identityText } from './visitor.ts';

/** Who sent an event, and when it came: milliseconds, monotonic. */
export interface Sender {
  ip: string;
  userAgent: string;
  receivedAt: number;
}

/** What becomes of an event at one of its domains. `site` is empty where none has the domain. */
export type SiteResult =
  | { site: string; hit: Hit; drop?: undefined }
  | { site: string; hit?: undefined; drop: DropReason };

export interface ToHitsDeps {
  view: Pick<NotificationsView, 'siteByDomain' | 'goalsOf'>;
  /** False: the site has had its hits of this second. */
  takeTurn: (site: string) => boolean;
}

const PAGEVIEW = 'pageview';
const ENGAGEMENT = 'engagement';
/** What the store keeps of a path. */
const PAGE_LENGTH = 500;

/** One result for each domain of an event. */
export function toHits(event: TrackedEvent, sender: Sender, deps: ToHitsDeps): SiteResult[] {
  const isBot = isbot(sender.userAgent);
  return event.domains.map((domain) => {
    const site = deps.view.siteByDomain(domain);
    if (!site) return { site: '', drop: 'unknown_site' };
    if (!site.enabled) return { site: site.id, drop: 'site_disabled' };
    if (site.counted_by !== 'hits') return { site: site.id, drop: 'counted_elsewhere' };
    if (isBot) return { site: site.id, drop: 'bot' };
    if (!deps.takeTurn(site.id)) return { site: site.id, drop: 'rate_limited' };
    return { site: site.id, hit: toHit(event, site, sender, deps.view) };
  });
}

function toHit(event: TrackedEvent, site: Site, sender: Sender, view: ToHitsDeps['view']): Hit {
  const { ip, userAgent, receivedAt } = sender;
  const completions = completedBy(event, view.goalsOf(site.id));
  return {
    site: site.id,
    identity: identityText({ userAgent, ip, domain: site.domain, host: event.host }),
    receivedAt,
    sign_of_life: event.name === ENGAGEMENT,
    page: event.name === PAGEVIEW ? cut(event.page) : '',
    source: sourceOf(event),
    completions: completions.map((completion) => ({ ...completion, page: cut(completion.page) })),
  };
}

function cut(page: string): string {
  return page.length <= PAGE_LENGTH ? page : `${page.slice(0, PAGE_LENGTH - 1)}…`;
}
