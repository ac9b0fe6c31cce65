import type { Clock } from '../../../model/ids.ts';
import type { Site } from '../../../model/notifications.ts';
import { Problem } from '../../../model/problems.ts';
import type { Counting, SiteHits } from '../../../store/counting.ts';
import type { StatisticsHealth } from '../../../store/statistics.ts';
import type { NotificationsView } from '../../sites/view.ts';
import { SLOT_MS } from '../../triggers/baseline.ts';
import type { Ask } from './ask.ts';
import { changedHealth, healthOf } from './health.ts';
import { createHistories } from './history.ts';
import { countFrom } from './positions.ts';
import { createPresence } from './presence.ts';
import { CURRENT_S, plausibleSite, questionsOf } from './questions.ts';
import { createReader, type Reading } from './reader.ts';
import { topPages, topSources } from './requests.ts';

export interface PlausibleCountingDeps {
  ask: Ask;
  notifications: { readonly current: NotificationsView };
  /** What is kept here of what was read; older values are those of Plausible's history. */
  kept: Pick<Counting, 'saveValues' | 'readValues' | 'readHours'>;
  /** Told at most every few seconds, and only of sites whose health changed. */
  onHealth: (changed: StatisticsHealth[]) => void;
  now: Clock;
}

export interface PlausibleCounting extends Counting {
  /** Resolves when nothing is being asked. */
  settled(): Promise<void>;
}

const SECOND = 1_000;
const HEALTH_EVERY_MS = 5 * SECOND;
const SLOTS_AN_HOUR = 12;
/** A week of what was kept here is something to go by, also while Plausible's past can't be read. */
const ENOUGH_SLOTS = 7 * 24 * SLOTS_AN_HOUR;

/**
 * Counts as Plausible tells them. `readTouched` is what makes it ask: whoever evaluates calls it every second, so that one
 * process asks and no other. All other counts are those of the last readings, and wait for nothing.
 */
export function createPlausibleCounting(deps: PlausibleCountingDeps): PlausibleCounting {
  const { ask, notifications, kept, now } = deps;
  const presence = createPresence();
  const touched = new Map<string, number>();
  let cursor = 0;
  const histories = createHistories({ ask, now });
  const reader = createReader({
    ask,
    now,
    onReading(question, reading, before) {
      if (isNews(reading, before)) touched.set(question.site, ++cursor);
      if (reading.kind === 'visitors' && question.kind === 'visitors' && question.window_s === CURRENT_S)
        presence.noticed(question.site, reading);
    },
  });
  let followed: NotificationsView | undefined;
  let health = new Map<string, StatisticsHealth>();
  let healthAt = Number.NEGATIVE_INFINITY;

  function tellHealth(): void {
    if (now() - healthAt < HEALTH_EVERY_MS) return;
    healthAt = now();
    const current = healthOf(reader.all());
    const changed = changedHealth(health, current);
    health = current;
    if (changed.length > 0) deps.onHealth(changed);
  }

  /** Of a site with what is needed to judge it; what is not known yet is asked for. */
  function hitsOf(site: Site): SiteHits | undefined {
    void histories.fetch(site, []);
    const { firstHit, lastHit } = histories.of(site) ?? {};
    const { first = firstHit, last = lastHit, since } = presence.of(site.id);
    if (first === undefined || last === undefined) return undefined;
    return {
      first_hit: Math.min(first, firstHit ?? first),
      last_hit: Math.max(last, lastHit ?? last),
      // Plausible counts whether or not anybody asks.
      counting_since: 0,
      noticing_since: since ?? now(),
    };
  }

  /** Made once for many slots: a chart of 30 days asks for 10,000. */
  function pastOf(site: Site, window_s: number): (slot: number) => number | null {
    const past = histories.of(site, window_s);
    return (slot) => past?.valueAt(window_s, (slot + 1) * SLOT_MS) ?? null;
  }

  return {
    async settled() {
      await Promise.all([reader.settled(), histories.settled()]);
    },
    saveValues: kept.saveValues,

    async readTouched(after) {
      const view = notifications.current;
      if (view !== followed) reader.follow(questionsOf(view));
      followed = view;
      reader.look();
      tellHealth();
      const sites = [...touched].filter(([, at]) => at > Number(after)).map(([site]) => site);
      return { sites, cursor: String(cursor) };
    },

    async countVisitors(windows) {
      const counts = windows.map(({ site, window_s }) => {
        const { reading, question } = reader.of(`${site} ${window_s}`) ?? {};
        if (reading?.kind !== 'visitors' || !question) return null;
        return { value: reading.value, at: reading.at, every_ms: question.everyMs };
      });
      return { now: now(), counts };
    },

    async countCompletions(wanted) {
      const items = wanted.map((one) => {
        const { reading } = reader.of(one.goal) ?? {};
        return reading?.kind === 'completions' ? countFrom(one, reading) : null;
      });
      return { now: now(), items };
    },

    async readSites(ids) {
      const found = ids.flatMap((id) => {
        const site = notifications.current.site(id);
        const hits = site && hitsOf(site);
        return hits ? [[id, hits] as const] : [];
      });
      return new Map(found);
    },

    /** A notification without them is better than none. */
    async readTop({ site: id, window_s }, limit) {
      const site = notifications.current.site(id);
      if (!site) return { pages: [], sources: [] };
      const [to, { domain }] = [now(), site];
      const from = to - window_s * SECOND;
      const [pages, sources] = await Promise.all([
        ask(plausibleSite(site), topPages(domain, from, to, limit)),
        ask(plausibleSite(site), topSources(domain, from, to, limit)),
      ]);
      return { pages: pages.ok ? pages.value : [], sources: sources.ok ? sources.value : [] };
    },

    /** What Plausible dropped it does not tell. */
    readDropped: async () => [],

    async readValues(window, fromSlot, toSlot) {
      const values = await kept.readValues(window, fromSlot, toSlot);
      const site = notifications.current.site(window.site);
      if (!site) return values;
      const fetch = () => histories.fetch(site, [window.window_s]);
      let problem = await fetch();
      // What was under way was another window's.
      if (!problem && !histories.of(site, window.window_s)) problem = await fetch();
      const own = values.filter((value) => value !== null).length;
      if (own < ENOUGH_SLOTS && !histories.of(site, window.window_s)) throw unavailable(problem?.message);
      const pastAt = pastOf(site, window.window_s);
      return values.map((value, i) => value ?? pastAt(fromSlot + i));
    },

    async readHours(items) {
      const values = await kept.readHours(items);
      return items.map(({ site: id, window_s, hours }, i) => {
        const own = values[i] ?? null;
        const site = notifications.current.site(id);
        if (!site) return own;
        const fetching = histories.fetch(site, [window_s]);
        if (fetching && !histories.of(site, window_s)) return null;
        const pastAt = pastOf(site, window_s);
        return hours.flatMap((first, n) =>
          Array.from({ length: SLOTS_AN_HOUR }, (_, slot) => own?.[n * SLOTS_AN_HOUR + slot] ?? pastAt(first + slot)),
        );
      });
    },
  };
}

/** Visitors who are there are looked at with each reading, as hits are; so are completions that came since. */
function isNews(reading: Reading, before: Reading | undefined): boolean {
  if (reading.kind === 'visitors') return reading.value > 0;
  return (
    reading.completions > (before?.kind === 'completions' && before.today === reading.today ? before.completions : 0)
  );
}

function unavailable(why = 'Its key has had its requests of this hour.'): Problem {
  return new Problem('statistics_unavailable', `What Plausible counted can not be read now. ${why}`);
}
