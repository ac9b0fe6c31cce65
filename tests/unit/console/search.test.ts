import { sinceTime, textParams } from '../../../api/console/src/app/search.ts';

const NOW = Date.parse('2026-11-27T12:00:03.500Z');

test.each([
  ['15m', '2026-11-27T11:45:00.000Z'],
  ['24h', '2026-11-26T12:00:00.000Z'],
  ['7d', '2026-11-20T12:00:00.000Z'],
  ['2026-11-27T00:00:00Z', '2026-11-27T00:00:00.000Z'],
  ['yesterday', undefined],
  [undefined, undefined],
])('since %s is %s', (since, time) => {
  expect(sinceTime(since, NOW)).toBe(time);
});

test('a page takes the parameters that it knows, as texts', () => {
  const validate = textParams(['type', 'id']);
  expect(validate({ type: 'a', id: 7, other: 'b' })).toEqual({ type: 'a', id: '7' });
  expect(validate({ type: '', id: { a: 1 } })).toEqual({});
});
