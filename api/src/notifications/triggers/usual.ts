import type { Counting, SiteWindow } from '../../store/counting.ts';
import { baselineOf, SLOT_MS, silentAfter, type ValueAt } from './baseline.ts';
import type { Rule } from './rule.ts';
import { daysBefore, hourOf, type Zone } from './zone.ts';

/** What is usual in a window at this hour. */
export interface Usual {
  baseline?: number;
  silent_after_ms?: number;
}

export interface UsualValues {
  /** Reads what is not known of this hour yet, some at a time. False: of some nothing is known yet. */
  refresh(rules: readonly Rule[], now: number): Promise<boolean>;
  /** Undefined: it was not read yet. What was usual an hour ago stands until it is read anew. */
  of(rule: Rule): Usual | undefined;
}

const HOUR = 3_600_000;
const HOUR_SLOTS = 12;
const WEEKS = [1, 2, 3, 4];
const SECOND = 1_000;
const SHORT_WINDOW_S = 300;
/** With every drop trigger's 29 hours as well as a relative one's 4, a call stays below what the store answers at once. */
const READ_AT_ONCE = 2_000;

/** Of a window whose history is still being fetched: asked for again, and nothing is usual meanwhile. */
const NOT_AT_HAND: Known = { hour: -1, usual: {} };

interface Known {
  hour: number;
  usual: Usual;
}

interface Wanted extends SiteWindow {
  zone: Zone;
  hours: number[];
}

/** Remembers what is usual for an hour, by site and window. */
export function createUsualValues({ readHours }: Pick<Counting, 'readHours'>): UsualValues {
  const known = new Map<string, Known>();

  return {
    async refresh(rules, now) {
      const wanted = new Map<string, Wanted>();
      for (const rule of rules) {
        for (const window of windowsOf(rule)) {
          if (wanted.size === READ_AT_ONCE) break;
          const key = keyOf(window);
          if (known.get(key)?.hour !== hourOf(rule.zone, now))
            wanted.set(key, { ...window, ...hoursOf(window, rule.zone, now) });
        }
      }
      if (wanted.size === 0) return true;
      const items = [...wanted.values()];
      const values = await readHours(items.map(({ site, window_s, hours }) => ({ site, window_s, hours })));
      items.forEach((item, i) => {
        const [key, found] = [keyOf(item), values[i]];
        if (found) known.set(key, { hour: hourOf(item.zone, now), usual: reckon(item, found, now) });
        else known.set(key, known.get(key) ?? NOT_AT_HAND);
      });
      return (
        wanted.size < READ_AT_ONCE || rules.every((rule) => windowsOf(rule).every((window) => known.has(keyOf(window))))
      );
    },
    of(rule) {
      const usual: Usual = {};
      for (const window of windowsOf(rule)) {
        const found = known.get(keyOf(window));
        if (!found) return undefined;
        const { baseline, silent_after_ms } = found.usual;
        if (window.window_s * SECOND === rule.windowMs && baseline !== undefined && isRelative(rule))
          usual.baseline = baseline;
        if (window.window_s === SHORT_WINDOW_S && silent_after_ms !== undefined)
          usual.silent_after_ms = silent_after_ms;
      }
      return usual;
    },
  };
}

/** The usual value of its own window if it compares with that; of a drop also that of 5 minutes, which says what silence is. */
function windowsOf(rule: Rule): SiteWindow[] {
  const site = rule.site.id;
  return [
    ...(isRelative(rule) ? [{ site, window_s: rule.windowMs / SECOND }] : []),
    ...(rule.trigger.type === 'visitor_drop' ? [{ site, window_s: SHORT_WINDOW_S }] : []),
  ];
}

function isRelative({ trigger }: Rule): boolean {
  return trigger.relative_threshold > 0;
}

function hoursOf({ window_s }: SiteWindow, zone: Zone, now: number) {
  const times = WEEKS.map((week) => daysBefore(zone, now, 7 * week));
  const lastDay = window_s === SHORT_WINDOW_S ? Array.from({ length: 25 }, (_, i) => now - i * HOUR) : [];
  return { zone, hours: [...times, ...lastDay].map((time) => hourOf(zone, time) / SLOT_MS) };
}

function reckon({ zone, hours, window_s }: Wanted, values: (number | null)[], now: number): Usual {
  const bySlot = new Map<number, number>();
  hours.forEach((first, i) => {
    for (let slot = 0; slot < HOUR_SLOTS; slot++) {
      const value = values[i * HOUR_SLOTS + slot];
      if (typeof value === 'number') bySlot.set(first + slot, value);
    }
  });
  const valueAt: ValueAt = (time) => bySlot.get(Math.floor(time / SLOT_MS));
  const baseline = baselineOf(zone, valueAt, now);
  const silence = window_s === SHORT_WINDOW_S ? silentAfter(zone, valueAt, now) : undefined;
  return {
    ...(baseline !== undefined && { baseline }),
    ...(silence !== undefined && { silent_after_ms: silence }),
  };
}

function keyOf({ site, window_s }: SiteWindow): string {
  return `${site} ${window_s}`;
}
