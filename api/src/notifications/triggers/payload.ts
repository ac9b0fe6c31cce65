import type { TriggerType } from '../../model/notifications.ts';
import type { Firing } from './firing.ts';
import type { Rule } from './rule.ts';
import type { FiringType } from './state.ts';

/** Counts of the window; never a visitor. */
export interface Top {
  pages: { page: string; pageviews: number }[];
  /** An empty source: visitors who came directly. */
  sources: { source: string; visitors: number }[];
}

/** Hits that were not counted, by reason. */
export type Dropped = { reason: string; count: number }[];

/**
 * The body of a trigger's event, whose schemas are docs/events/*.v1.schema.json. Times are ISO 8601 in UTC. A field that does not
 * apply is absent.
 */
export interface Payload {
  /** The event's id. */
  id: string;
  type: FiringType;
  version: 1;
  occurred_at: string;
  /** Past it, the news is old: a receiver that gets it later may want to know. */
  expires_at: string;
  /** It was told later than that already. */
  stale?: true;
  /** Somebody asked for it, to see how it looks: nothing of it happened. */
  test?: true;
  site: { domain: string; timezone: string };
  trigger: { id: string; name: string; type: TriggerType };
  window: { from: string; to: string };
  /** Distinct visitors in the window; of a goal its completions. */
  value: number;
  threshold?: number;
  /** Visitors that are usual at this weekday and hour. */
  baseline?: number;
  since?: string;
  /** How often it was told before. */
  repetition?: number;
  /** Of a recovery. */
  duration_s?: number;
  peak?: number;
  last_hit_at?: string;
  /** Hits since the last good one that were not counted. */
  dropped?: Dropped;
  goal?: { name: string };
  count?: number;
  /** More came in this minute than are told one by one: `count` are the others. */
  rest?: true;
  revenue?: { amount: string; currency: string };
  page?: string;
  top_pages?: Top['pages'];
  top_sources?: Top['sources'];
  url: string;
}

export interface Details {
  id: string;
  /** Of spikes, drops, silences and their ends, and of several completions together. */
  top?: Top | undefined;
  /** Of a silent site. */
  dropped?: Dropped | undefined;
  /** Where people see more. */
  url: string;
  test?: true;
}

export function makePayload(
  { trigger, site, zone, goal, expiresAfterMs }: Rule,
  firing: Firing,
  details: Details,
): Payload {
  const { type, value, window, occurred_at, since, last_hit, revenue, page } = firing;
  const { threshold, baseline, repetition, peak, rest, late } = firing;
  const isGoal = type === 'goal.completed';
  return {
    id: details.id,
    type,
    version: 1,
    occurred_at: iso(occurred_at),
    expires_at: iso(occurred_at + expiresAfterMs),
    ...(late && { stale: true }),
    ...(details.test && { test: true }),
    site: { domain: site.domain, timezone: zone.name },
    trigger: { id: trigger.id, name: trigger.name, type: trigger.type },
    window: { from: iso(window.from), to: iso(window.to) },
    value,
    ...(threshold !== undefined && { threshold: tenths(threshold) }),
    ...(baseline !== undefined && { baseline: tenths(baseline) }),
    ...(since !== undefined && { since: iso(since) }),
    ...(repetition !== undefined && { repetition }),
    ...(type.endsWith('.recovered') &&
      since !== undefined && { duration_s: Math.round((occurred_at - since) / 1_000) }),
    ...(peak !== undefined && { peak }),
    ...(last_hit !== undefined && { last_hit_at: iso(last_hit) }),
    ...(type === 'site.silent' && { dropped: details.dropped ?? [] }),
    ...(isGoal && { goal: { name: goal?.name ?? '' }, count: value }),
    ...(rest && { rest }),
    ...(revenue && goal?.currency && { revenue: { amount: revenue, currency: goal.currency } }),
    ...(page && { page }),
    ...(details.top && { top_pages: details.top.pages, top_sources: details.top.sources }),
    url: details.url,
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
