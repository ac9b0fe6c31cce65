import { DEFAULT_SCHEDULE, nextDelay, parseSchedule } from '../../../api/src/delivery/schedule.ts';
import { transition } from '../../../api/src/delivery/transition.ts';
import type { Outcome } from '../../../api/src/model/delivery.ts';

const NOW = 1_000_000;
const SCHEDULE = [0, 5_000, 60_000];
const MINUTE = 60_000;

function become(outcome: Outcome, progress: { attempts_made?: number; tries_used?: number; expires_at?: number } = {}) {
  const delivery = { attempts_made: 0, tries_used: 0, expires_at: Number.MAX_SAFE_INTEGER, ...progress };
  return transition(outcome, delivery, { schedule: SCHEDULE, now: NOW, random: () => 0.5 });
}

const retry: Outcome = { kind: 'retry', error: 'x' };
const throttled = (retry_after_ms?: number): Outcome => ({ kind: 'throttled', error: 'x', retry_after_ms });

describe('what an outcome makes of its delivery', () => {
  it.each<[Outcome, object]>([
    [{ kind: 'success' }, { state: 'delivered', retry_in_ms: 0, used_try: true }],
    [retry, { state: 'pending', retry_in_ms: 5_000, used_try: true }],
    [throttled(7_000), { state: 'pending', retry_in_ms: 7_000, used_try: false }],
    [
      { kind: 'permanent', error: 'x' },
      { state: 'dead', retry_in_ms: 0, used_try: true },
    ],
    [
      { kind: 'gone', error: 'why' },
      { state: 'dead', retry_in_ms: 0, used_try: true, disable_destination: 'why' },
    ],
    [
      { kind: 'blocked', error: 'x' },
      { state: 'dead', retry_in_ms: 0, used_try: true },
    ],
    [
      { kind: 'expired', error: 'x' },
      { state: 'expired', retry_in_ms: 0, used_try: false },
    ],
    [
      { kind: 'loop', error: 'x' },
      { state: 'dead', retry_in_ms: 0, used_try: false },
    ],
  ])('%j', (outcome, next) => {
    expect(become(outcome)).toEqual(next);
  });

  it.each([
    [0, { state: 'pending', retry_in_ms: 5_000 }],
    [1, { state: 'pending', retry_in_ms: 60_000 }],
    [2, { state: 'dead', retry_in_ms: 0 }],
    [9, { state: 'dead', retry_in_ms: 0 }],
  ])('after %d tries before this one', (tries_used, next) => {
    expect(become(retry, { tries_used })).toMatchObject(next);
  });

  it.each([
    [retry, NOW + 5_001, 'pending'],
    [retry, NOW + 5_000, 'dead'],
    [throttled(MINUTE), NOW + MINUTE + 1, 'pending'],
    [throttled(MINUTE), NOW + MINUTE, 'dead'],
  ])('a next try that would come too late: %j, expiry at %d', (outcome, expires_at, state) => {
    expect(become(outcome, { expires_at })).toMatchObject({ state });
  });

  it('backs off by attempts, without end, when throttled without a time', () => {
    const pauses = [0, 1, 2, 50].map((attempts_made) => become(throttled(), { attempts_made, tries_used: 0 }));
    expect(pauses.map(({ retry_in_ms }) => retry_in_ms)).toEqual([5_000, 60_000, 60_000, 60_000]);
    expect(pauses.every(({ state, used_try }) => state === 'pending' && !used_try)).toBe(true);
  });
});

describe('the schedule', () => {
  it('takes about three days by default', () => {
    const schedule = parseSchedule(DEFAULT_SCHEDULE) ?? [];
    expect(schedule).toHaveLength(10);
    expect(schedule.reduce((sum, delay) => sum + delay, 0) / 3_600_000).toBeCloseTo(75.6, 1);
  });

  it.each([
    [0, 4_000],
    [0.25, 4_500],
    [0.5, 5_000],
    [1, 6_000],
  ])('varies by 20 % either way: %d', (random, delay) => {
    expect(nextDelay(SCHEDULE, 1, () => random)).toBe(delay);
  });

  it('ends', () => {
    expect(nextDelay(SCHEDULE, 3, () => 0)).toBeUndefined();
    expect(nextDelay([], 0, () => 0)).toBeUndefined();
  });

  it.each([[['5 apples']], [['1s', '']], [['-1s']]])('%j can not be read', (durations) => {
    expect(parseSchedule(durations)).toBeUndefined();
  });
});
