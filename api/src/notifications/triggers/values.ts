import type { Counting, SiteWindow } from '../../store/counting.ts';
import type { NotificationsView } from '../sites/view.ts';
import { SLOT_MS } from './baseline.ts';
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
const SAVED_AT_ONCE = 5_000;

/** What baselines and backtests are reckoned from: visitors of each watched window, completions of each goal in the 5 minutes. */
export function createValueRecorder({ counting }: ValuesDeps): ValueRecorder {
  let recorded: number | undefined;
  /** Position up to which the completions of each goal were counted. */
  let counted = new Map<string, number>();

  async function recordVisitors(slot: number, view: NotificationsView, rules: readonly Rule[]): Promise<void> {
    const always = view.sites.map(({ id }): SiteWindow => ({ site: id, window_s: ALWAYS_S }));
    const watched = rules.filter(({ trigger }) => trigger.type !== 'goal_completion').map(windowOf);
    const windows = [...new Map([...always, ...watched].map((one) => [`${one.site} ${one.window_s}`, one])).values()];
    const { counts } = await counting.countVisitors(windows);
    await save(
      slot,
      windows.flatMap((window, i) => {
        const count = counts[i];
        return count ? [{ ...window, value: count.value }] : [];
      }),
    );
  }

  async function recordCompletions(slot: number, view: NotificationsView): Promise<void> {
    const goals = view.sites.flatMap(({ id }) => view.goalsOf(id));
    if (goals.length === 0) return;
    const { items } = await counting.countCompletions(
      goals.map(({ id }) => ({ goal: id, after: counted.get(id) ?? -1, offset: 0, currency: '' })),
    );
    const known = goals.flatMap(({ id }, i) => {
      const item = items[i];
      return item && counted.has(id) ? [{ site: id, window_s: ALWAYS_S, value: item.count }] : [];
    });
    await save(slot, known);
    // One that could not be counted begins anew: what comes of the pause is not of these 5 minutes.
    counted = new Map(
      goals.flatMap(({ id }, i) => {
        const item = items[i];
        return item ? [[id, item.last_seq] as const] : [];
      }),
    );
  }

  async function save(slot: number, values: (SiteWindow & { value: number })[]): Promise<void> {
    for (let first = 0; first < values.length; first += SAVED_AT_ONCE) {
      await counting.saveValues(slot, values.slice(first, first + SAVED_AT_ONCE));
    }
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
