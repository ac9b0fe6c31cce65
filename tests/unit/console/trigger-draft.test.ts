import { conditionOf } from '../../../api/console/src/sites/condition.ts';
import { bodyOf, changesOf, draftOf, EMPTY, triedOf } from '../../../api/console/src/sites/trigger-draft.ts';

const DRAFT = { ...EMPTY, name: ' launch ', threshold: '50', destinations: ['d'] };
/** What an empty form has. */
const COMMON = {
  ...{ name: 'launch', site: 's', enabled: true, destinations: ['d'], goal: '', notify: 'every', nth: 0 },
  ...{ threshold: 0, relative_threshold: 0, window: '', readings: 0, cooldown: '', repeat: 'never' },
  ...{ quiet_hours: null, expires_after: '', when_late: 'mark' },
};

test.each([
  [{}, { type: 'visitor_spike', threshold: 50 }],
  [
    { relative: true, threshold: '2,5', window: ' 10m ' },
    { type: 'visitor_spike', relative_threshold: 2.5, window: '10m' },
  ],
  [
    { type: 'visitor_drop' as const, threshold: 'many' },
    { type: 'visitor_drop', threshold: 'many' },
  ],
  // What is of the other kind is left out, whatever was typed before.
  [
    { type: 'goal_completion' as const, goal: 'g', window: '5m', cooldown: '1h', readings: '3', nth: '7' },
    { type: 'goal_completion', goal: 'g' },
  ],
  [
    { type: 'goal_completion' as const, goal: 'g', notify: 'summary' as const, window: '2h' },
    { type: 'goal_completion', goal: 'g', notify: 'summary', window: '2h' },
  ],
  [
    { quietFrom: '22:00', quietTo: '07:00' },
    { type: 'visitor_spike', threshold: 50, quiet_hours: { from: '22:00', to: '07:00' } },
  ],
])('%j becomes what the API takes', (typed, body) => {
  expect(bodyOf('s', { ...DRAFT, ...typed })).toEqual({ ...COMMON, ...body });
});

test('a trigger that is edited sends what was changed, and nothing else', () => {
  const trigger = { ...bodyOf('s', { ...DRAFT, readings: '3', quietFrom: '22:00', quietTo: '07:00' }), id: 't' };
  const draft = draftOf(trigger as never);
  expect(changesOf(draft, draft)).toEqual({});
  const relative = {
    ...draft,
    relative: true,
    threshold: '2.5',
    quietFrom: '',
    quietTo: '',
    repeat: 'hourly' as const,
  };
  expect(changesOf(draft, relative)).toEqual({
    threshold: 0,
    relative_threshold: 2.5,
    quiet_hours: null,
    repeat: 'hourly',
  });
});

test('a backtest is asked for what it depends on, once there is something to try', () => {
  expect(triedOf('s', EMPTY)).toBeUndefined();
  expect(triedOf('s', { ...DRAFT, threshold: 'many' })).toBeUndefined();
  expect(triedOf('s', { ...DRAFT, type: 'goal_completion' })).toBeUndefined();
  expect(triedOf('s', DRAFT)).toEqual(triedOf('s', { ...DRAFT, name: 'other', destinations: [] }));
  expect(triedOf('s', DRAFT)).toMatchObject({ draft: { site: 's', threshold: 50 } });
});

test.each([
  [{ type: 'visitor_spike', threshold: 50, window: '' }, '50 visitors or more in 5m'],
  [{ type: 'visitor_drop', relative_threshold: 0.5, window: '6h' }, 'fewer than 0.5 × usual in 6h'],
  [{ type: 'goal_completion' }, 'completions of a goal'],
])('%j tells of %s', (trigger, words) => expect(conditionOf(trigger as never)).toBe(words));
