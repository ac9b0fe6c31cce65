import { bodyOf, draftOf } from '../../../api/console/src/replays/draft.ts';

const NOW = Date.parse('2026-11-27T13:45:30.000Z');

test('a link says which events, defaults the rest: the last hour, until it is asked for', () => {
  const draft = draftOf({ destination: 'd', status: 'dead' }, NOW);
  expect(bodyOf(draft, NOW)).toEqual({
    from: '2026-11-27T12:45:00.000Z',
    to: '2026-11-27T13:45:30.000Z',
    mode: 'original',
    destination: 'd',
    status: 'dead',
    only_missing: false,
    rate: 50,
  });
});

test.each([
  [{ since: '15m' }, { from: '2026-11-27T13:30:00.000Z' }],
  [
    { mode: 'current', missing: 'true', source: 's' },
    { mode: 'current', only_missing: true, source: 's' },
  ],
])('%j', (search, body) => {
  expect(bodyOf(draftOf(search, NOW), NOW)).toMatchObject(body);
});

test('a state that is none means any', () => {
  expect(bodyOf(draftOf({ status: 'none such' }, NOW), NOW)).not.toHaveProperty('status');
});

test('what is no number or no time goes to the API as it was typed, which says what is wrong with it', () => {
  const draft = { ...draftOf({}, NOW), rate: 'fast', to: 'tomorrow' };
  expect(bodyOf(draft, NOW)).toMatchObject({ rate: 'fast', to: 'tomorrow' });
});
