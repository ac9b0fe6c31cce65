import type { Trigger } from '../../../../api/src/model/notifications.ts';
import { addAmounts } from '../../../../api/src/notifications/triggers/amount.ts';
import { completionsWanted } from '../../../../api/src/notifications/triggers/completions.ts';
import type { Completion } from '../../../../api/src/notifications/triggers/reading.ts';
import type { Rule } from '../../../../api/src/notifications/triggers/rule.ts';
import { DAY, HOUR, MINUTE, rule, SECOND, watch } from './support.ts';

const NOON = Date.parse('2026-03-10T12:00:00+01:00');

/** A goal with its completions, and a trigger that reads them as the evaluator does. */
function shop(changes: Partial<Trigger>) {
  const of = rule({ type: 'goal_completion', goal: 'goal', ...changes });
  const trigger = watch(of);
  const completions: Completion[] = [];
  let known = false;

  function reading(by: Rule) {
    const { after, offset } = completionsWanted(by, known ? trigger.state : undefined);
    const wanted = after < 0 ? [] : completions.filter(({ seq }) => seq > after);
    const next = wanted[offset];
    return {
      count: wanted.length,
      revenue: wanted.reduce((sum, { amount }) => addAmounts(sum, amount), ''),
      last_seq: completions.at(-1)?.seq ?? 0,
      ...(next && { next }),
    };
  }
  const look = (at: number, by = of) => {
    const decision = trigger.read(reading(by), at, by);
    known = true;
    return decision;
  };
  return {
    trigger,
    complete(at: number, count = 1, amount = '9.90') {
      for (let i = 0; i < count; i++) {
        completions.push({ seq: completions.length + 1, at, page: '/thanks', amount, currency: amount && 'EUR' });
      }
    },
    look,
    /** Until nothing more is told. */
    lookAll(at: number) {
      for (let more = true; more; ) {
        const { seq } = trigger.state.progress ?? {};
        const { kind } = look(at);
        more = kind !== 'hold' || trigger.state.progress?.seq !== seq;
      }
    },
    told: () => trigger.fired.map(({ value }) => value),
  };
}

describe('a goal, every completion', () => {
  it('is told once each, from when the trigger was first seen', () => {
    const { trigger, complete, look, lookAll } = shop({});
    complete(NOON - 1);
    look(NOON);
    complete(NOON + 1);
    complete(NOON + 2, 1, '');
    lookAll(NOON + SECOND);
    lookAll(NOON + 2 * SECOND);
    expect(trigger.fired).toEqual([
      {
        type: 'goal.completed',
        occurred_at: NOON + 1,
        window: { from: NOON + 1, to: NOON + 1 },
        value: 1,
        revenue: '9.90',
        page: '/thanks',
      },
      {
        type: 'goal.completed',
        occurred_at: NOON + 2,
        window: { from: NOON + 2, to: NOON + 2 },
        value: 1,
        page: '/thanks',
      },
    ]);
  });

  it('above 60 a minute is told together at its end', () => {
    const { trigger, complete, look, lookAll, told } = shop({});
    look(NOON);
    complete(NOON + 1, 300);
    lookAll(NOON + SECOND);
    lookAll(NOON + 30 * SECOND);
    expect(told()).toEqual(Array(60).fill(1));
    lookAll(NOON + 61 * SECOND);
    expect(trigger.fired[60]).toMatchObject({ value: 240, rest: true, revenue: '2376.00' });
    complete(NOON + 62 * SECOND);
    lookAll(NOON + 63 * SECOND);
    expect(told().slice(60)).toEqual([240, 1]);
  });

  it('one more than that is told by itself, later', () => {
    const { complete, look, lookAll, told } = shop({});
    look(NOON);
    complete(NOON + 1, 61);
    lookAll(NOON + SECOND);
    lookAll(NOON + 61 * SECOND);
    expect(told()).toEqual(Array(61).fill(1));
  });

  it('of the quiet hours is told together at their end', () => {
    const { trigger, complete, look, lookAll } = shop({ quiet_hours: { from: '22:00', to: '07:00' } });
    look(NOON);
    complete(NOON + 11 * HOUR, 3);
    lookAll(NOON + 11 * HOUR);
    expect(trigger.fired).toEqual([]);
    lookAll(NOON + 19 * HOUR);
    expect(trigger.fired).toEqual([
      expect.objectContaining({ value: 3, since: NOON + 11 * HOUR, occurred_at: NOON + 19 * HOUR }),
    ]);
  });

  it.each([
    ['mark', [{ value: 1, late: true }]],
    ['skip', []],
  ] as const)('that is an hour old: %s', (when_late, expected) => {
    const { trigger, complete, look, lookAll } = shop({ when_late });
    look(NOON);
    complete(NOON);
    lookAll(NOON + HOUR + 1);
    expect(trigger.fired).toMatchObject(expected);
    complete(NOON + HOUR + 1);
    lookAll(NOON + 2 * HOUR);
    expect(trigger.fired).toHaveLength(expected.length + 1);
    expect(trigger.fired.at(-1)).not.toHaveProperty('late');
  });

  it('that waited for the end of quiet hours is not late', () => {
    const { trigger, complete, look, lookAll } = shop({
      quiet_hours: { from: '22:00', to: '07:00' },
      when_late: 'skip',
    });
    look(NOON);
    complete(NOON + 11 * HOUR);
    lookAll(NOON + 19 * HOUR);
    expect(trigger.fired).toHaveLength(1);
  });

  it('is not told while the trigger is off, nor afterwards', () => {
    const { trigger, complete, look, lookAll, told } = shop({});
    const off = rule({ type: 'goal_completion', goal: 'goal', enabled: false });
    look(NOON);
    look(NOON, off);
    complete(NOON + 1);
    look(NOON + 2, off);
    expect(trigger.phase).toBe('off');
    lookAll(NOON + 3);
    complete(NOON + 4);
    lookAll(NOON + 5);
    expect(told()).toEqual([1]);
  });
});

describe('a goal, the first of a day', () => {
  it("is told once a day by the site's clock", () => {
    const { trigger, complete, look, lookAll } = shop({ notify: 'first_of_day' });
    look(NOON);
    const midnight = NOON + 12 * HOUR;
    for (const at of [NOON + 1, NOON + 2, midnight - 1]) {
      complete(at);
      lookAll(at + SECOND);
    }
    complete(midnight - 1, 2);
    complete(midnight + 5, 2);
    lookAll(midnight + 10 * SECOND);
    complete(midnight + HOUR);
    lookAll(midnight + HOUR);
    expect(trigger.fired.map(({ occurred_at }) => occurred_at)).toEqual([NOON + 1, midnight + 5]);
  });

  it('is told if it came a moment before the day was over', () => {
    const { trigger, complete, look, lookAll } = shop({ notify: 'first_of_day' });
    look(NOON);
    complete(NOON + 12 * HOUR - 1);
    lookAll(NOON + 12 * HOUR + SECOND);
    expect(trigger.fired).toHaveLength(1);
  });
});

describe('a goal, every nth', () => {
  it('is told with the nth, however they come', () => {
    const { trigger, complete, look, lookAll } = shop({ notify: 'every_nth', nth: 3 });
    look(NOON);
    complete(NOON + 1, 2);
    lookAll(NOON + 2);
    complete(NOON + 3, 5);
    lookAll(NOON + 4);
    expect(trigger.fired).toMatchObject([
      { value: 3, occurred_at: NOON + 3 },
      { value: 3, occurred_at: NOON + 3 },
    ]);
    expect(trigger.state.progress).toMatchObject({ counted: 1 });
  });
});

describe('a goal, a summary', () => {
  it('is told at the end of each window with a completion', () => {
    const { trigger, complete, look, lookAll } = shop({ notify: 'summary' });
    look(NOON + 10 * MINUTE);
    complete(NOON + 20 * MINUTE, 3);
    lookAll(NOON + 20 * MINUTE);
    complete(NOON + 40 * MINUTE, 2, '0.10');
    lookAll(NOON + HOUR - 1);
    expect(trigger.fired).toEqual([]);
    lookAll(NOON + HOUR);
    expect(trigger.fired).toEqual([
      {
        type: 'goal.completed',
        occurred_at: NOON + HOUR,
        window: { from: NOON + 10 * MINUTE, to: NOON + HOUR },
        value: 5,
        revenue: '29.90',
      },
    ]);
    lookAll(NOON + 3 * HOUR);
    complete(NOON + 3 * HOUR + MINUTE);
    lookAll(NOON + 4 * HOUR);
    expect(trigger.fired[1]).toMatchObject({ value: 1, window: { from: NOON + 3 * HOUR, to: NOON + 4 * HOUR } });
  });

  it('of a day ends at midnight, also when the clocks change', () => {
    const { trigger, complete, look, lookAll } = shop({ notify: 'summary', window: '1d' });
    const saturday = Date.parse('2026-10-24T12:00:00+02:00');
    look(saturday);
    lookAll(saturday + 12 * HOUR);
    complete(saturday + DAY);
    lookAll(saturday + 36 * HOUR);
    expect(trigger.fired).toEqual([]);
    lookAll(saturday + 37 * HOUR);
    expect(trigger.fired).toMatchObject([{ window: { from: saturday + 12 * HOUR, to: saturday + 37 * HOUR } }]);
  });
});

describe('addAmounts', () => {
  it.each([
    ['0.1', '0.2', '0.3'],
    ['1', '2.50', '3.50'],
    ['', '2.50', '2.50'],
    ['-1.5', '0.25', '-1.25'],
    ['0.05', '-0.05', '0.00'],
    ['99999999999999999999.99', '0.01', '100000000000000000000.00'],
  ])('%s + %s = %s', (a, b, sum) => {
    expect(addAmounts(a, b)).toBe(sum);
  });
});
