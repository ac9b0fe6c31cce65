import { change, percent, perMinute, successRate } from '../../../api/console/src/overview/numbers.ts';

const counts = (attempts: number, failed_attempts: number) => ({
  events: 0,
  attempts,
  failed_attempts,
  delivered: 0,
  dead: 0,
  p95_ms: null,
});

test.each([
  [0, 0, null],
  [10, 0, 1],
  [10, 1, 0.9],
])('of %d attempts %d failed', (attempts, failed, rate) => {
  expect(successRate(counts(attempts, failed))).toBe(rate);
});

test.each([
  [1, '100 %'],
  [0.99999, '99.99 %'],
  [0.987, '98.7 %'],
  [0.5, '50 %'],
  [0, '0 %'],
])('%d is %s', (share, words) => {
  expect(percent(share)).toBe(words);
});

test.each([
  [0, '0'],
  [1, '< 0.1'],
  [24, '0.4'],
  [720, '12'],
  [120_000, '2,000'],
])('%d in an hour are %s a minute', (count, words) => {
  expect(perMinute(count, 3_600)).toBe(words);
});

test.each([
  [0, 0, undefined],
  [5, 0, 'none before'],
  [100, 100, 'as many as before'],
  [112, 100, '12 % more than before'],
  [40, 100, '60 % fewer than before'],
  [500, 100, '5 times as many as before'],
])('%d after %d: %s', (now, before, words) => {
  expect(change(now, before)).toBe(words);
});
