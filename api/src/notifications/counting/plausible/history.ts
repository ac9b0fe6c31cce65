import type { Clock } from '../../../model/ids.ts';
import type { Site } from '../../../model/notifications.ts';
import { createZone, type Zone } from '../../triggers/zone.ts';
import type { Ask, Asked, StatisticsProblem } from './ask.ts';
import { keyOf, plausibleSite, READINGS_AN_HOUR, REQUESTS_AN_HOUR } from './questions.ts';
import { type HourlyVisitors, visitorsBetween, visitorsByHour } from './requests.ts';

/** What a site's visitors were by the hour, and what a window had of them. */
export interface SiteHistory {
  /** The hours with the first and the last visitor; absent: none of the last 36 days has one. */
  firstHit?: number;
  lastHit?: number;
  /** What was about counted in a window that ends then; undefined: before or after what is known. */
  valueAt(window_s: number, end: number): number | undefined;
}

export interface Histories {
  /** Asks for what is not known yet, of one site and some windows; no promise while it may not be asked. */
  fetch(site: Site, windows: readonly number[]): Promise<StatisticsProblem | undefined> | undefined;
  /** Undefined: it was not fetched yet, not for this window, or too long ago. */
  of(site: Site, window_s?: number): SiteHistory | undefined;
  /** Resolves when nothing is being asked. */
  settled(): Promise<void>;
}

export interface HistoriesDeps {
  ask: Ask;
  now: Clock;
}

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** As long as own values are kept. */
const DAYS = 36;
const FETCHED_EVERY_MS = 6 * HOUR;
const USED_FOR_MS = 24 * HOUR;
const AFTER_FAILURE_MS = 5 * 60 * SECOND;
const MEASURED_EVERY_MS = 7 * DAY;
/** Far enough apart to be at six different times of the day. */
const SAMPLES = [1, 2, 3, 4, 5, 6].map((n) => n * 28 * HOUR);
/** A history by hour and its samples must leave the key what readings need. */
const EXTRAS_AN_HOUR = REQUESTS_AN_HOUR - READINGS_AN_HOUR - 20;

interface Known {
  /** Of whom it was asked. */
  key: string;
  fetchedAt: number;
  hours: Map<number, number>;
  /** By window, what its exact count is of the sum of its hours. */
  shares: Map<number, { share: number; measuredAt: number }>;
}

/**
 * The past as Plausible knows it: visitors by hour, which one request gives for 36 days. Another window than an hour has another
 * number of them than the sum of its hours: six exact counts of it say what part.
 */
export function createHistories({ ask, now }: HistoriesDeps): Histories {
  const known = new Map<string, Known>();
  const underWay = new Map<string, Promise<StatisticsProblem | undefined>>();
  const failedAt = new Map<string, number>();
  const extras = new Map<string, number[]>();

  function currentOf(site: Site): Known | undefined {
    const found = known.get(site.id);
    return found?.key === keyOf(plausibleSite(site)) ? found : undefined;
  }

  /** True: so many requests may be made beside the readings, and are counted. */
  function takeExtras(key: string, count: number): boolean {
    const recent = (extras.get(key) ?? []).filter((at) => at > now() - HOUR);
    if (recent.length + count > EXTRAS_AN_HOUR) return false;
    extras.set(key, [...recent, ...Array<number>(count).fill(now())]);
    return true;
  }

  async function fetchAll(site: Site, windows: number[], needsHours: boolean): Promise<StatisticsProblem | undefined> {
    if (needsHours) {
      const to = now();
      const from = Math.floor(to / HOUR) * HOUR - DAYS * DAY;
      const answered = await ask(plausibleSite(site), visitorsByHour(site.domain, from, to));
      if (!answered.ok) return answered.problem;
      const shares = currentOf(site)?.shares ?? new Map();
      const hours = toHours(answered.value, site.timezone, from, to);
      known.set(site.id, { key: keyOf(plausibleSite(site)), fetchedAt: to, hours, shares });
    }
    for (const window_s of windows) {
      const measured = await measureShare(site, window_s);
      if (!measured.ok) return measured.problem;
    }
    return undefined;
  }

  async function measureShare(site: Site, window_s: number): Promise<Asked<true>> {
    const history = currentOf(site);
    if (!history) return { ok: true, value: true };
    let [exact, sum] = [0, 0];
    for (const back of SAMPLES) {
      const end = Math.floor((now() - back) / HOUR) * HOUR + endInHour(window_s);
      const counted = await ask(plausibleSite(site), visitorsBetween(site.domain, end - window_s * SECOND, end));
      if (!counted.ok) return counted;
      exact += counted.value;
      sum += sumOfHours(history.hours, window_s, end);
    }
    const share = sum === 0 ? Math.min(1, (window_s * SECOND) / HOUR) : exact / sum;
    history.shares.set(window_s, { share, measuredAt: now() });
    return { ok: true, value: true };
  }

  return {
    fetch(site, windows) {
      const running = underWay.get(site.id);
      if (running) return running;
      const key = keyOf(plausibleSite(site));
      const found = currentOf(site);
      const needsHours = !found || now() - found.fetchedAt >= FETCHED_EVERY_MS;
      const missing = windows.filter((window_s) => {
        const measured = found?.shares.get(window_s);
        return window_s * SECOND !== HOUR && !(measured && now() - measured.measuredAt < MEASURED_EVERY_MS);
      });
      if (!needsHours && missing.length === 0) return undefined;
      if (now() - (failedAt.get(`${site.id} ${key}`) ?? Number.NEGATIVE_INFINITY) < AFTER_FAILURE_MS) return undefined;
      if (!takeExtras(key, (needsHours ? 1 : 0) + missing.length * SAMPLES.length)) return undefined;
      const run = fetchAll(site, missing, needsHours)
        .then((problem) => {
          if (problem) failedAt.set(`${site.id} ${key}`, now());
          return problem;
        })
        .finally(() => underWay.delete(site.id));
      underWay.set(site.id, run);
      return run;
    },
    of(site, window_s) {
      const found = currentOf(site);
      if (!found || now() - found.fetchedAt > USED_FOR_MS) return undefined;
      const share = (window: number) => (window * SECOND === HOUR ? 1 : found.shares.get(window)?.share);
      return window_s !== undefined && share(window_s) === undefined ? undefined : toHistory(found, share);
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay.values());
    },
  };
}

function toHistory({ hours, fetchedAt }: Known, shareOf: (window_s: number) => number | undefined): SiteHistory {
  const visited = [...hours].filter(([, visitors]) => visitors > 0).map(([hour]) => hour);
  // Before its first visitor nobody knows whether the site was counted.
  const first = Math.min(...visited);
  return {
    ...(visited.length > 0 && { firstHit: first, lastHit: Math.max(...visited) }),
    valueAt(window_s, end) {
      const share = shareOf(window_s);
      if (share === undefined || end - window_s * SECOND < first || end > fetchedAt) return undefined;
      return Math.round(share * sumOfHours(hours, window_s, end) * 10) / 10;
    },
  };
}

/** A short window lies in the middle of its hour, a long one ends with it. */
function endInHour(window_s: number): number {
  const window = window_s * SECOND;
  return window < HOUR ? HOUR / 2 + window / 2 : HOUR;
}

/** The visitors of the hours that a window touches, each by the part of it; of a window shorter than an hour, those of its hour. */
function sumOfHours(hours: ReadonlyMap<number, number>, window_s: number, end: number): number {
  const window = window_s * SECOND;
  const start = end - window;
  let sum = 0;
  for (let hour = Math.floor(start / HOUR) * HOUR; hour < end; hour += HOUR) {
    const touched = Math.min(hour + HOUR, end) - Math.max(hour, start);
    sum += ((hours.get(hour) ?? 0) * touched) / Math.min(window, HOUR);
  }
  return sum;
}

/**
 * Hours of UTC from those of the site's clock at Plausible. If that clock was changed meanwhile, the site's time zone here says
 * when, as long as it agrees with both ends.
 */
function toHours({ rows, offsets }: HourlyVisitors, timezone: string, from: number, to: number): Map<number, number> {
  const [first, last] = offsets;
  const zone = first === last ? undefined : zoneOf(timezone);
  const isThatZone = zone?.offsetAt(from) === first && zone.offsetAt(to) === last;
  const offsetAt = (wall: number) => (zone && isThatZone ? zone.offsetAt(wall - first) : first);
  const hours = new Map<number, number>();
  for (const { wall, visitors } of rows) {
    const hour = Math.floor((wall - offsetAt(wall)) / HOUR) * HOUR;
    hours.set(hour, (hours.get(hour) ?? 0) + visitors);
  }
  return hours;
}

/** Undefined: there is no such time zone in this process. */
function zoneOf(name: string): Zone | undefined {
  try {
    return createZone(name);
  } catch {
    return undefined;
  }
}
