import { duration, exactTime, relativeTime } from '../../../api/console/src/ui/time.ts';

const NOW = Date.parse('2026-11-27T12:00:00Z');

test.each([
  [0, 'now'],
  [-999, 'now'],
  [-12_000, '12 s ago'],
  [-59_999, '59 s ago'],
  [-4 * 60_000, '4 min ago'],
  [-26 * 3_600_000, '1 d ago'],
  [90_000, 'in 1 min'],
  [-8 * 86_400_000, '19 Nov'],
  [-366 * 86_400_000, '26 Nov 2025'],
])('%d ms from now is %s', (away, words) => {
  expect(relativeTime(NOW + away, NOW)).toBe(words);
});

test('the exact time has milliseconds and names the zone', () => {
  expect(exactTime(Date.parse('2026-11-27T12:45:02.123Z'), 'UTC')).toBe('27 Nov 2026, 12:45:02.123 UTC');
});

test.each([
  [0.42, '0.4 ms'],
  [12.4, '12 ms'],
  [1_234, '1.2 s'],
  [185_000, '3 min 5 s'],
  [7_440_000, '2 h 4 min'],
  [3_600_000, '1 h'],
  [90_000_000, '1 d 1 h'],
])('%d ms is %s', (ms, words) => {
  expect(duration(ms)).toBe(words);
});
