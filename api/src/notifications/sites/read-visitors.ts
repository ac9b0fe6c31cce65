import { parseDuration } from '../../model/duration.ts';
import type { Clock } from '../../model/ids.ts';
import { fieldProblem, notFound, Problem } from '../../model/problems.ts';
import { isTheirs } from '../../store/account-scope.ts';
import type { Counting } from '../../store/counting.ts';
import type { AccountScope } from '../../store/records.ts';
import { SLOT_MS } from '../triggers/baseline.ts';
import { zoneOrUtc } from '../triggers/zone.ts';
import type { NotificationsView } from './view.ts';
import { stepFor, thin } from './visitor-series.ts';

export interface VisitorsRequest {
  site: string;
  /** RFC 3339; a day before `to`. */
  from?: string | undefined;
  /** Now. */
  to?: string | undefined;
  /** A duration: over which time visitors are counted. */
  window?: string | undefined;
}

export interface Visitors {
  site: string;
  from: string;
  to: string;
  window: string;
  step_s: number;
  points: { at: string; visitors: number | null; least: number | null; usual: number | null }[];
}

export interface ReadVisitorsDeps {
  notifications: { readonly current: Pick<NotificationsView, 'site'> };
  counting: Pick<Counting, 'readValues'>;
  /** What is kept here of all sites, whoever counts them. */
  kept: Pick<Counting, 'readValues'>;
  now: Clock;
}

/** @throws Problem `not_found`, `validation_failed` (times, window), `store_unavailable` */
export type ReadVisitors = (request: VisitorsRequest, scope: AccountScope) => Promise<Visitors>;

const SECOND = 1_000;
const DAY = 86_400_000;
const DAY_SLOTS = DAY / SLOT_MS;
/** As long as values are kept. */
const KEPT_DAYS = 36;
/** What is usual is reckoned from 4 weeks, and a day is an hour longer when the clocks go back. */
const USUAL_SLOTS = 28 * DAY_SLOTS + 24;
const DEFAULT_WINDOW = '5m';
const [SHORTEST_MS, LONGEST_MS] = [60 * SECOND, DAY];

/** Visitors of a site over time, as they were evaluated every 5 minutes, with what was usual beside. */
export function createReadVisitors({ notifications, counting, kept, now }: ReadVisitorsDeps): ReadVisitors {
  /** While Plausible can't be asked for its past, what was read of it is better than nothing. */
  async function readValues(...asked: Parameters<Counting['readValues']>) {
    try {
      return await counting.readValues(...asked);
    } catch (fault) {
      if (fault instanceof Problem && fault.code === 'statistics_unavailable') return kept.readValues(...asked);
      throw fault;
    }
  }

  return async ({ site: id, from, to, window = DEFAULT_WINDOW }, scope) => {
    const site = notifications.current.site(id);
    if (!isTheirs(site, scope)) throw notFound(`site ${id}`);
    const window_s = secondsOf(window);
    const range = rangeOf(from, to, now());
    const fromSlot = Math.max(range.from - USUAL_SLOTS, oldestSlot(now()));
    const values = await readValues({ site: id, window_s }, fromSlot, Math.max(range.to, fromSlot));
    return {
      site: id,
      from: iso(range.from * SLOT_MS),
      to: iso(range.to * SLOT_MS),
      window,
      step_s: (range.step * SLOT_MS) / SECOND,
      points: thin({ fromSlot, values }, range, zoneOrUtc(site.timezone)).map(({ at, ...point }) => ({
        at: iso(at),
        ...point,
      })),
    };
  };
}

/** Whole steps, within what is kept and has come. */
function rangeOf(from: string | undefined, to: string | undefined, now: number) {
  const end = Math.min(to === undefined ? now : Date.parse(to), now);
  const begin = from === undefined ? end - DAY : Date.parse(from);
  if (begin >= end) throw fieldProblem('query/from', 'must be before to, and not in the future');
  const first = Math.max(Math.floor(begin / SLOT_MS), oldestSlot(now));
  const last = Math.max(Math.floor(end / SLOT_MS) + 1, first);
  const step = stepFor(last - first);
  return { from: Math.floor(first / step) * step, to: Math.ceil(last / step) * step, step };
}

function oldestSlot(now: number): number {
  return Math.floor(now / SLOT_MS) - KEPT_DAYS * DAY_SLOTS;
}

function secondsOf(window: string): number {
  const ms = parseDuration(window);
  if (ms !== undefined && ms >= SHORTEST_MS && ms <= LONGEST_MS) return Math.round(ms / SECOND);
  throw fieldProblem('query/window', 'must be a duration from 1m to 24h, such as 5m');
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
