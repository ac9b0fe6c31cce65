import { parseDuration } from '../../model/duration.ts';
import type { Goal, Site, Trigger } from '../../model/notifications.ts';
import { createZone, type Zone } from './zone.ts';

/** A trigger as it is evaluated: with its site and goal, defaults filled in, durations in milliseconds. */
export interface Rule {
  trigger: Pick<
    Trigger,
    | 'id'
    | 'destinations'
    | 'account'
    | 'name'
    | 'type'
    | 'threshold'
    | 'relative_threshold'
    | 'repeat'
    | 'quiet_hours'
    | 'notify'
    | 'when_late'
  >;
  site: Pick<Site, 'id' | 'domain'>;
  /** Of `goal_completion`. */
  goal?: Pick<Goal, 'id' | 'name' | 'currency' | 'page_path'>;
  zone: Zone;
  /** It is enabled and has somebody to tell. */
  on: boolean;
  windowMs: number;
  cooldownMs: number;
  readings: number;
  nth: number;
  expiresAfterMs: number;
  /** What is measured: an edit that changes it starts the trigger over. */
  measures: string;
}

const SECOND = 1_000;
const HOUR = 3_600_000;
export const DEFAULT_READINGS = 2;
const DEFAULT_COOLDOWN_MS = 12 * HOUR;
const DEFAULT_EXPIRES_AFTER_MS = HOUR;
const DEFAULT_WINDOW_MS: Readonly<Record<Trigger['type'], number>> = {
  visitor_spike: 5 * 60_000,
  visitor_drop: 12 * HOUR,
  goal_completion: HOUR,
};

/** The window that a trigger's values are counted over, in milliseconds: whole seconds, as they are counted by. */
export function windowOf({ type, window }: Pick<Trigger, 'type' | 'window'>): number {
  return Math.round((parseDuration(window) ?? DEFAULT_WINDOW_MS[type]) / SECOND) * SECOND;
}

/** @throws RangeError: the site's time zone does not exist */
export function makeRule(
  trigger: Trigger,
  site: Site,
  goal: Goal | undefined,
  zoneOf: (name: string) => Zone = createZone,
): Rule {
  const windowMs = windowOf(trigger);
  const what =
    trigger.type === 'goal_completion' ? [trigger.goal, trigger.notify, trigger.nth] : [trigger.relative_threshold > 0];
  // What somebody else counts has positions and a past of its own.
  const origin = site.counted_by === 'hits' ? [] : [site.counted_by];
  return {
    trigger,
    site,
    ...(goal && { goal }),
    zone: zoneOf(site.timezone),
    on: trigger.enabled && site.enabled && goal?.enabled !== false && trigger.destinations.length > 0,
    windowMs,
    cooldownMs: parseDuration(trigger.cooldown) ?? DEFAULT_COOLDOWN_MS,
    readings: trigger.readings || DEFAULT_READINGS,
    nth: Math.max(trigger.nth, 1),
    expiresAfterMs: parseDuration(trigger.expires_after) ?? DEFAULT_EXPIRES_AFTER_MS,
    measures: [site.id, trigger.type, windowMs, ...what, ...origin].join(' '),
  };
}
