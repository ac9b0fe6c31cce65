import { FEWEST_OF_A_SPIKE, thresholdLine } from '../../../api/console/src/sites/threshold.ts';
import { toldTimes } from '../../../api/console/src/sites/told.ts';
import { FEWEST_TO_COMPARE } from '../../../api/src/notifications/triggers/judge.ts';

const POINTS = [{ usual: null }, { usual: 2 }, { usual: 40 }];

test('the line is where the trigger tells', () => {
  expect(thresholdLine({ type: 'visitor_spike', threshold: 1200 }, POINTS)).toEqual({
    value: 1200,
    label: 'tells from 1,200',
  });
  expect(thresholdLine({ type: 'visitor_spike', relative_threshold: 2 }, POINTS)).toEqual({
    value: [null, 10, 80],
    label: 'tells from 2 × usual',
  });
  expect(thresholdLine({ type: 'visitor_drop', relative_threshold: 0.5 }, POINTS)?.value).toEqual([null, 1, 20]);
  expect(thresholdLine({ type: 'visitor_drop', threshold: 0 }, POINTS)).toBeUndefined();
  expect(thresholdLine({ type: 'goal_completion', threshold: 5 }, POINTS)).toBeUndefined();
  // The one rule of the evaluator that the curve has to know.
  expect(FEWEST_OF_A_SPIKE).toBe(FEWEST_TO_COMPARE);
});

const at = (minute: number) => new Date(minute * 60_000).toISOString();
const told = (...events: [type: string, minute: number][]) =>
  events.map(([type, minute]) => ({ type, received_at: at(minute), extracted: {} })).reverse();

test.each([
  ['nothing', told(), []],
  ['one that is over', told(['visitor.spike', 5], ['visitor.spike.recovered', 9]), [[5, 9]]],
  ['one that goes on, told again', told(['visitor.drop', 5], ['visitor.drop', 65]), [[5, 100]]],
  [
    'one that began before',
    told(['site.silent.recovered', 9], ['visitor.spike', 20]),
    [
      [0, 9],
      [20, 100],
    ],
  ],
  [
    'two',
    told(['visitor.spike', 1], ['visitor.spike.recovered', 2], ['visitor.spike', 5], ['visitor.spike.recovered', 6]),
    [
      [1, 2],
      [5, 6],
    ],
  ],
] as [string, ReturnType<typeof told>, number[][]][])(
  'what was told lasts until it was said to be over: %s',
  (_, events, minutes) => {
    const ranges = minutes.map(([from = 0, to = 0]) => ({ from: from * 60, to: to * 60 }));
    expect(toldTimes(events, 0, 100 * 60)).toEqual({ ranges, times: [] });
  },
);

test('completions of a goal are moments', () => {
  expect(toldTimes(told(['goal.completed', 3], ['goal.completed', 4]), 0, 600)).toEqual({
    ranges: [],
    times: [180, 240],
  });
});

test('a test told of nothing', () => {
  const [event] = told(['visitor.spike', 5]);
  expect(toldTimes(event ? [{ ...event, extracted: { test: true } }] : [], 0, 600)).toEqual({ ranges: [], times: [] });
});
