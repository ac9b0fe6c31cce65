import type { Trigger } from '../../../../api/src/model/notifications.ts';
import { backtestGoal, suggestNth } from '../../../../api/src/notifications/triggers/backtest-goal.ts';
import { SLOT_MS } from '../../../../api/src/notifications/triggers/baseline.ts';
import { DAY, rule } from './support.ts';

const SLOTS_A_DAY = DAY / SLOT_MS;
/** Midnight in Berlin. */
const FROM_SLOT = Math.floor(Date.parse('2026-01-11T23:00:00Z') / SLOT_MS);
const onGoal = { type: 'goal_completion', goal: 'goal' } as const;

/** So many completions in those slots of two days, and none in the others. */
function history(completions: Record<number, number | null>) {
  return {
    fromSlot: FROM_SLOT,
    values: Array.from(
      { length: 2 * SLOTS_A_DAY },
      (_, slot) => completions[slot] ?? (completions[slot] === null ? null : 0),
    ),
  };
}

function past(changes: Partial<Trigger>, completions: Record<number, number | null>) {
  const run = backtestGoal(rule({ ...onGoal, ...changes }), history(completions));
  let step = run.next();
  while (!step.done) step = run.next();
  return step.value;
}

const NOON = SLOTS_A_DAY / 2;

describe("the backtest of a goal's trigger", () => {
  it.each<[string, Partial<Trigger>, Record<number, number>, number[]]>([
    ['every completion', {}, { 0: 2, [NOON]: 1 }, [1, 1, 1]],
    ['the first of each day', { notify: 'first_of_day' }, { 0: 2, [NOON]: 5, [SLOTS_A_DAY]: 3 }, [1, 1]],
    ['every nth', { notify: 'every_nth', nth: 10 }, { 0: 25, [NOON]: 6 }, [10, 10, 10]],
    ['a summary of each window', { notify: 'summary', window: '1h' }, { 0: 4, 11: 3, 12: 1 }, [7, 1]],
    [
      'the rest of a busy minute',
      {},
      { 0: 500 },
      // 100 a minute: 60 by themselves, the rest at the end of the minute with those of the next.
      [...Array(60).fill(1), 140, ...Array(60).fill(1), 140, ...Array(60).fill(1), 40],
    ],
    [
      'what came in quiet hours, together',
      { quiet_hours: { from: '00:00', to: '08:00' } },
      { 1: 3, [NOON]: 1 },
      [3, 1],
    ],
  ])('tells of %s as the evaluator would', (_, changes, completions, values) => {
    const { firings, judged, asked } = past(changes, completions);
    expect(firings.map(({ value }) => value)).toEqual(values);
    expect([judged, asked]).toEqual([2 * SLOTS_A_DAY, 2 * SLOTS_A_DAY]);
  });

  it('knows nothing of what was not counted', () => {
    const { judged, firings } = past({}, { 0: 1, 1: null });
    expect([judged, firings.length]).toEqual([2 * SLOTS_A_DAY - 1, 1]);
  });

  it('suggests every how many would be told about once a week', () => {
    const counted = past({}, { 0: 70, [NOON]: 30 });
    const nth = suggestNth(counted) ?? 0;
    expect(past({ notify: 'every_nth', nth }, { 0: 70, [NOON]: 30 }).firings).toHaveLength(1);
    expect(suggestNth(past({}, {}))).toBeUndefined();
  });
});
