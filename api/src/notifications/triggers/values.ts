import type { Counting, SiteWindow } from '../../store/counting.ts';
import type { NotificationsView } from '../sites/view.ts';
import { SLOT_MS } from './baseline.ts';
import { groupsOf } from './groups.ts';
import { windowOf } from './readings.ts';
import type { Rule } from './rule.ts';

export interface ValuesDeps {
  counting: Pick<Counting, 'countVisitors' | 'countCompletions' | 'saveValues'>;
}

export interface ValueRecorder {
  /** Keeps a value of every window and goal, once in 5 minutes; true: it was time. */
  record(view: NotificationsView, rules: readonly Rule[], now: number): Promise<boolean>;
}

/** Of every site these are kept, whatever its triggers watch: what is usual is known before somebody asks. */
const ALWAYS_S = 300;
/** Counted and saved together: with more, others wait for an answer. */
const AT_ONCE = 1_000;

/** What baselines and backtests are reckoned from: visitors of each watched window, completions of each goal in the 5 minutes. */
export function createValueRecorder({ counting }: ValuesDeps): ValueRecorder {
  let recorded: number | undefined;
  /** Position up to which the completions of each goal were counted. */
  let counted = new Map<string, number>();

  async function recordVisitors(slot: number, view: NotificationsView, rules: readonly Rule[]): Promise<void> {
    const always = view.sites.map(({ id }): SiteWindow => ({ site: id, window_s: ALWAYS_S }));
    const watched = rules.filter(({ trigger }) => trigger.type !== 'goal_completion').map(windowOf);
    const windows = [...new Map([...always, ...watched].map((one) => [`${one.site} ${one.window_s}`, one])).values()];
    for (const some of groupsOf(windows, AT_ONCE)) {
      const { counts } = await counting.countVisitors(some);
      const values = some.flatMap((window, i) => {
        const count = counts[i];
        return count ? [{ ...window, value: count.value }] : [];
      });
      await counting.saveValues(slot, values);
    }
  }

  async function recordCompletions(slot: number, view: NotificationsView): Promise<void> {
    const goals = view.sites.flatMap(({ id }) => view.goalsOf(id));
    const countedNow = new Map<string, number>();
    for (const some of groupsOf(goals, AT_ONCE)) {
      const { items } = await counting.countCompletions(
        some.map(({ id }) => ({ goal: id, after: counted.get(id) ?? -1, offset: 0, currency: '' })),
      );
      const known = some.flatMap(({ id }, i) => {
        const item = items[i];
        // One that could not be counted begins anew: what comes of the pause is not of these 5 minutes.
        if (item) countedNow.set(id, item.last_seq);
        return item && counted.has(id) ? [{ site: id, window_s: ALWAYS_S, value: item.count }] : [];
      });
      await counting.saveValues(slot, known);
    }
    counted = countedNow;
  }

  return {
    async record(view, rules, now) {
      const slot = Math.floor(now / SLOT_MS);
      if (slot === recorded) return false;
      await recordVisitors(slot, view, rules);
      await recordCompletions(slot, view);
      recorded = slot;
      return true;
    },
  };
}
