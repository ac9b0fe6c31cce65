import type { Counting, GoalCount, SiteHits, SiteWindow, VisitorCount } from '../../store/counting.ts';
import { completionsWanted } from './completions.ts';
import type { CompletionReading, LevelReading } from './reading.ts';
import type { Rule } from './rule.ts';
import type { TriggerState } from './state.ts';
import type { Usual, UsualValues } from './usual.ts';

const SECOND = 1_000;

export interface ReadingsDeps {
  counting: Pick<Counting, 'countVisitors' | 'readSites' | 'countCompletions'>;
  usual: Pick<UsualValues, 'of'>;
}

export type LevelReadings = { now: number; of(rule: Rule): LevelReading | undefined };

/**
 * What spike and drop triggers see now, in two calls however many they are. One whose visitors can't be counted, or of which the
 * usual value is not read yet, sees nothing.
 */
export async function readLevels(
  { counting, usual }: ReadingsDeps,
  rules: readonly Rule[],
  counting_since: number,
): Promise<LevelReadings> {
  const windows = new Map(rules.map((rule) => [keyOf(rule), windowOf(rule)]));
  // Only of a drop it matters when hits came.
  const sites = new Set(rules.filter(({ trigger }) => trigger.type === 'visitor_drop').map(({ site }) => site.id));
  const [{ now, counts: counted }, hits] = await Promise.all([
    counting.countVisitors([...windows.values()]),
    sites.size === 0 ? new Map<string, SiteHits>() : counting.readSites([...sites]),
  ]);
  const counts = new Map([...windows.keys()].map((key, i) => [key, counted[i]]));
  return {
    now,
    of(rule) {
      const [known, count] = [usual.of(rule), counts.get(keyOf(rule))];
      return known && count ? levelOf(rule, count, hits.get(rule.site.id), known, counting_since) : undefined;
    },
  };
}

function levelOf(
  { windowMs }: Rule,
  { value, at, every_ms }: VisitorCount,
  hits: SiteHits | undefined,
  usual: Usual,
  counting_since: number,
): LevelReading {
  return { window: { from: at - windowMs, to: at }, value, every_ms, counting_since, ...hits, ...usual };
}

/** What goal triggers see now, in one call; undefined: its completions can't be counted. */
export async function readCompletions(
  { counting }: Pick<ReadingsDeps, 'counting'>,
  rules: readonly { rule: Rule; state: TriggerState | undefined }[],
): Promise<{ now: number; readings: (CompletionReading | undefined)[] }> {
  const { now, items } = await counting.countCompletions(
    rules.map(({ rule, state }) => ({
      goal: rule.goal?.id ?? '',
      currency: rule.goal?.currency ?? '',
      ...completionsWanted(rule, state),
    })),
  );
  return { now, readings: items.map((item) => (item ? toReading(item) : undefined)) };
}

function toReading({ next, ...counted }: GoalCount): CompletionReading {
  return next ? { ...counted, next } : counted;
}

export function windowOf({ site, windowMs }: Rule): SiteWindow {
  return { site: site.id, window_s: windowMs / SECOND };
}

function keyOf({ site, windowMs }: Rule): string {
  return `${site.id} ${windowMs}`;
}
