import type { UnreadableRecord } from './configuration.ts';

/** The records that say what is counted of a site's visitors, and who is told when: sites, goals and triggers. */

/** Who counts a site's visitors: hits that trackers report here, or Plausible, whose Stats API is asked. */
export const COUNTED_BY_CHOICES = ['hits', 'plausible'] as const;

export interface Site {
  id: string;
  account: string;
  /** For people; the domain, unless they chose another. */
  name: string;
  /** Lower case, without `www.`; belongs to one account of the whole installation. */
  domain: string;
  /** IANA name, such as `Europe/Berlin`: days, quiet hours and baselines are those of the site. */
  timezone: string;
  enabled: boolean;
  counted_by: (typeof COUNTED_BY_CHOICES)[number];
  /** Of `plausible`: where it is, such as `https://plausible.io`; else empty. */
  statistics_url: string;
  /** Of `plausible`: a Stats API key; else empty. */
  statistics_key: string;
}

/** What counts as a completion: an event name, or a page path with `*` and `**` as Plausible has them. One of both is set. */
export interface Goal {
  id: string;
  account: string;
  site: string;
  name: string;
  enabled: boolean;
  event_name: string;
  page_path: string;
  /** Custom properties that a hit must have, at most 3; null: any. */
  props: Record<string, string> | null;
  /** ISO 4217; empty: revenue is not counted. */
  currency: string;
}

export const TRIGGER_TYPES = ['visitor_spike', 'visitor_drop', 'goal_completion'] as const;
export type TriggerType = (typeof TRIGGER_TYPES)[number];

export const REPEAT_CHOICES = ['never', 'hourly', 'daily'] as const;
export const NOTIFY_CHOICES = ['every', 'first_of_day', 'every_nth', 'summary'] as const;
export type Notify = (typeof NOTIFY_CHOICES)[number];
export const LATE_CHOICES = ['mark', 'skip'] as const;

/** Hours of the day, in the site's time zone, in which a trigger stays quiet: `{"from": "22:00", "to": "07:00"}`. */
export interface QuietHours {
  from: string;
  to: string;
}

/** The rule that raises an event. Durations are written `5m`, `12h`; an empty one is the default. */
export interface Trigger {
  id: string;
  account: string;
  site: string;
  name: string;
  type: TriggerType;
  enabled: boolean;
  /** Of `goal_completion`; else empty. */
  goal: string;
  /** Visitors; 0: `relative_threshold` holds. */
  threshold: number;
  /** Times the usual value of the same weekday and hour of the last 4 weeks; 0: `threshold` holds. */
  relative_threshold: number;
  /** Default: 5m (spike), 12h (drop), 1h (summary). */
  window: string;
  /** Default: 12h. */
  cooldown: string;
  /** Readings in a row; 0: the default of 2. */
  readings: number;
  /** While it goes on firing. */
  repeat: (typeof REPEAT_CHOICES)[number];
  quiet_hours: QuietHours | null;
  /** Which completions of the goal are told. */
  notify: Notify;
  /** Of `every_nth`. */
  nth: number;
  /** How late a notification may leave: past it, it is `late`. Default: 60m. */
  expires_after: string;
  /** What becomes of a late one: marked as stale in its payload, or not sent. */
  when_late: (typeof LATE_CHOICES)[number];
  /** Ids of the account's destinations (webhooks are such). */
  destinations: string[];
}

/** One consistent reading of the sites and what is watched there; what can't be read is left out and named in `unreadable`. */
export interface NotificationsConfiguration {
  version: number;
  unreadable?: UnreadableRecord[];
  sites: Site[];
  goals: Goal[];
  triggers: Trigger[];
}
