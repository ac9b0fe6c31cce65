import { conditionOf } from '../../../api/console/src/sites/condition.ts';
import { bodyOf, EMPTY } from '../../../api/console/src/sites/trigger-draft.ts';

const DRAFT = { ...EMPTY, name: ' launch ', threshold: '50', destinations: ['d'] };
const COMMON = { name: 'launch', site: 's', destinations: ['d'] };

test.each([
  [{}, { type: 'visitor_spike', threshold: 50, window: '' }],
  [
    { relative: true, threshold: '2,5', window: ' 10m ' },
    { type: 'visitor_spike', relative_threshold: 2.5, window: '10m' },
  ],
  [
    { type: 'visitor_drop' as const, threshold: 'many' },
    { type: 'visitor_drop', threshold: 'many', window: '' },
  ],
  [
    { type: 'goal_completion' as const, goal: 'g' },
    { type: 'goal_completion', goal: 'g' },
  ],
  [
    { quietFrom: '22:00', quietTo: '07:00' },
    { type: 'visitor_spike', threshold: 50, window: '', quiet_hours: { from: '22:00', to: '07:00' } },
  ],
])('%j becomes what the API takes', (typed, body) => {
  expect(bodyOf('s', { ...DRAFT, ...typed })).toEqual({ ...COMMON, ...body });
});

test.each([
  [{ type: 'visitor_spike', threshold: 50, window: '' }, '50 visitors or more in 5m'],
  [{ type: 'visitor_drop', relative_threshold: 0.5, window: '6h' }, 'fewer than 0.5 × usual in 6h'],
  [{ type: 'goal_completion' }, 'completions of a goal'],
])('%j tells of %s', (trigger, words) => expect(conditionOf(trigger as never)).toBe(words));
