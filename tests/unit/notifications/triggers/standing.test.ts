import { standingOfGoal, standingOfLevel, whyOff } from '../../../../api/src/notifications/triggers/standing.ts';
import type { TriggerState } from '../../../../api/src/notifications/triggers/state.ts';
import { HOUR, level, MINUTE, rule } from './support.ts';

const NOON = Date.parse('2026-03-10T12:00:00Z');
const spike = rule();
const drop = rule({ type: 'visitor_drop' });
const relative = rule({ threshold: 0, relative_threshold: 3 });
const night = rule({ quiet_hours: { from: '10:00', to: '14:30' } });

const state = (of: typeof spike, fields: Partial<TriggerState> = {}): TriggerState => ({
  phase: 'armed',
  since: NOON - HOUR,
  measures: of.measures,
  ...fields,
});
const alarm = { type: 'visitor.spike', since: NOON - MINUTE, repetition: 0, peak: 120 } as const;

describe('a spike or drop says what it sees and waits for', () => {
  const YOUNG = { first_hit: NOON - MINUTE };
  it.each([
    ['calm', spike, 40, state(spike), {}, '40 visitors in 5 minutes; it tells from 100 on.', undefined],
    [
      'more_readings',
      spike,
      100,
      state(spike),
      {},
      '100 visitors in 5 minutes: it holds, and is told once it does in 2 readings in a row.',
      undefined,
    ],
    [
      'quiet_hours',
      night,
      100,
      state(night),
      {},
      '100 visitors in 5 minutes: it holds, and is told when the quiet hours end, if it still does.',
      NOON + 90 * MINUTE,
    ],
    ['calm', night, 1, state(night), {}, '1 visitor in 5 minutes; it tells from 100 on.', undefined],
    [
      'cooldown',
      spike,
      100,
      state(spike, { phase: 'cooling' }),
      {},
      '100 visitors in 5 minutes. It told, that is over, and its cool-down is not.',
      NOON + 11 * HOUR,
    ],
    [
      'calm',
      spike,
      10,
      state(spike, { phase: 'cooling', since: NOON - 13 * HOUR }),
      {},
      '10 visitors in 5 minutes; it tells from 100 on.',
      undefined,
    ],
    [
      'firing',
      spike,
      90,
      state(spike, { phase: 'firing', alarm }),
      {},
      '90 visitors in 5 minutes. It has told; it is over at 80 or fewer.',
      undefined,
    ],
    [
      'baseline',
      relative,
      90,
      state(relative),
      {},
      'What is usual is not known yet: that takes two weeks of the same weekday and hour.',
      undefined,
    ],
    [
      'calm',
      relative,
      12,
      state(relative),
      { baseline: 20.25 },
      '12 visitors in 5 minutes; it tells from 61 on, where 20.3 are usual.',
      undefined,
    ],
    ['calm', drop, 150, state(drop, { reached: true }), {}, '150 visitors in 12 hours; it tells below 100.', undefined],
    [
      'more_readings',
      drop,
      99,
      state(drop, { reached: true }),
      {},
      '99 visitors in 12 hours: it holds, and is told once it does in 2 readings in a row.',
      undefined,
    ],
    [
      'threshold_not_reached',
      drop,
      99,
      state(drop),
      {},
      'The site never had the threshold in such a window, so there is nothing to drop from.',
      undefined,
    ],
    ['first_hit', drop, 99, undefined, YOUNG, 'No hit of the site came yet, or not a whole window ago.', undefined],
    [
      'gap',
      drop,
      99,
      state(drop),
      { counting_since: NOON - MINUTE },
      'Hits were not taken for a part of the window: Pockethook was down.',
      undefined,
    ],
  ] as const)('%s', (reason, of, value, known, extra, explanation, until) => {
    const standing = standingOfLevel(of, known, level(of, value, NOON, extra), NOON);
    expect(standing).toMatchObject({ reason, explanation, reading: { at: NOON, value } });
    expect(standing.until).toBe(until);
  });

  it('shows the threshold in visitors, and what is usual', () => {
    const { reading } = standingOfLevel(
      relative,
      state(relative),
      level(relative, 12, NOON, { baseline: 20.25 }),
      NOON,
    );
    expect(reading).toEqual({ at: NOON, value: 12, threshold: 60.8, baseline: 20.3 });
  });
});

describe('a goal', () => {
  const reading = (count = 0) => ({ count, revenue: '', last_seq: count + 7 });
  const progress = { seq: 7, counted: 3, revenue: '', from: NOON - MINUTE };
  const goal = (fields: object) => rule({ type: 'goal_completion', goal: 'goal00000000001', ...fields });
  it.each([
    ['no_completion', goal({}), { ...progress, counted: 0 }, 'No completion of the goal came that it has not told.', 0],
    [
      'nth',
      goal({ notify: 'every_nth', nth: 10 }),
      progress,
      '5 completions since it told last; it tells of every 10.',
      2,
    ],
    [
      'told_today',
      goal({ notify: 'first_of_day' }),
      { ...progress, day: '2026-03-10' },
      'It has told of the first completion of the day.',
      0,
    ],
    [
      'summary',
      goal({ notify: 'summary' }),
      progress,
      '4 completions in this window; it tells at its end, if there are any.',
      1,
    ],
    [
      'quiet_hours',
      goal({ quiet_hours: { from: '10:00', to: '14:30' } }),
      progress,
      '4 completions since it told last; what comes in quiet hours is told at their end.',
      1,
    ],
  ] as const)('%s', (reason, of, known, explanation, count) => {
    const standing = standingOfGoal(of, state(of, { progress: known }), reading(count), NOON);
    expect(standing).toMatchObject({ reason, explanation });
  });
});

test('why it is off', () => {
  const on = { enabled: true, destinations: ['a'] };
  expect(whyOff(on, true, true)).toBeUndefined();
  const reasons = [
    whyOff({ ...on, enabled: false }, true, true),
    whyOff(on, false, true),
    whyOff(on, true, false),
    whyOff({ ...on, destinations: [] }, true, true),
  ].map((standing) => standing?.reason);
  expect(reasons).toEqual(['disabled', 'site_disabled', 'goal_disabled', 'no_destination']);
});

// One window of half a second, and nothing of anybody was counted any more.
test('windows are whole seconds, whatever is stored', () => {
  expect(rule({ window: '90.5s' }).windowMs).toBe(91_000);
  expect(rule({ window: '61400ms' }).windowMs).toBe(61_000);
});
