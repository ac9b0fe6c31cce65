import { standingOf } from '../../../api/console/src/app/standing.ts';

const WELL = { unreadable: undefined, disabled_reason: '', enabled: true, paused: false } as never as Parameters<
  typeof standingOf
>[0];
const health = (state: 'closed' | 'open' | 'half_open') => ({
  health: { state, failures: 12, failing_since: null, next_probe_at: null },
});

test.each([
  ['healthy', 'green', {}],
  ['healthy', 'green', health('closed')],
  ['failing', 'red', health('open')],
  ['probing', 'amber', health('half_open')],
  ['paused', 'amber', { paused: true, ...health('open') }],
  ['disabled', 'grey', { enabled: false, paused: true }],
  ['disabled', 'red', { enabled: false, disabled_reason: 'It answered 410 Gone.' }],
  ['unreadable', 'red', { unreadable: 'No key opens it.', enabled: false }],
])('is %s (%s)', (word, tone, changes) => {
  expect(standingOf({ ...WELL, ...changes })).toMatchObject({ word, tone });
});

test('a reason for which it was disabled is told', () => {
  expect(standingOf({ ...WELL, enabled: false, disabled_reason: 'It answered 410 Gone.' }).meaning).toBe(
    'It answered 410 Gone. What comes for it is held.',
  );
});
