import { DEFAULT_SCHEDULE, FREE_THROTTLES, nextDelay, parseSchedule } from '../../../api/src/delivery/schedule.ts';
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

  it('backs off by attempts when throttled without a time', () => {
    const pauses = [0, 1, 2, 19].map((attempts_made) => become(throttled(), { attempts_made, tries_used: 0 }));
    expect(pauses.map(({ retry_in_ms }) => retry_in_ms)).toEqual([5_000, 60_000, 60_000, 60_000]);
    expect(pauses.every(({ state, used_try }) => state === 'pending' && !used_try)).toBe(true);
  });

  it.each([
    ['at once', 1_000, [1_000, 2_000, 4_000, 8_000, 256_000, 300_000, 300_000]],
    ['after three seconds', 3_000, [3_000, 3_000, 4_000, 8_000, 256_000, 300_000, 300_000]],
    ['after an hour', 3_600_000, Array(7).fill(3_600_000)],
  ])('waits as long as asked, and longer each time: %s', (_, asked, waits) => {
    const pauses = [0, 1, 2, 3, 8, 9, 19].map((attempts_made) => become(throttled(asked), { attempts_made }));
    expect(pauses.map(({ retry_in_ms }) => retry_in_ms)).toEqual(waits);
    expect(pauses.every(({ state, used_try }) => state === 'pending' && !used_try)).toBe(true);
  });

  it.each([
    [{ attempts_made: 19, tries_used: 0 }, throttled(1_000), { retry_in_ms: 300_000, used_try: false }],
    [{ attempts_made: 20, tries_used: 1 }, throttled(1_000), { retry_in_ms: 300_000, used_try: false }],
    [{ attempts_made: 20, tries_used: 0 }, throttled(1_000), { retry_in_ms: 300_000, used_try: true }],
    [{ attempts_made: 20, tries_used: 0 }, throttled(3_600_000), { retry_in_ms: 3_600_000, used_try: true }],
    [{ attempts_made: 50, tries_used: 0 }, throttled(), { retry_in_ms: 60_000, used_try: true }],
    [{ attempts_made: 22, tries_used: 2 }, throttled(1_000), { state: 'dead', used_try: true }],
    [{ attempts_made: 22, tries_used: 2 }, throttled(), { state: 'dead', used_try: true }],
  ])('counts tries once it was throttled 20 times: %j, %j', (progress, outcome, next) => {
    expect(become(outcome, progress)).toMatchObject({ state: 'pending', ...next });
  });

  it('waits though the schedule has no wait', () => {
    const delivery = { attempts_made: 20, tries_used: 0, expires_at: Number.MAX_SAFE_INTEGER };
    const next = transition(throttled(1_000), delivery, { schedule: [0, 0], now: NOW, random: () => 0.5 });
    expect(next).toMatchObject({ state: 'pending', retry_in_ms: 300_000, used_try: true });
  });

  it.each([
    ['at once', 1_000],
    ['whenever it likes', undefined],
  ])('a receiver that says "slow down" for ever, come again %s, is asked some thirty times and no more', (_, asked) => {
    const schedule = parseSchedule(DEFAULT_SCHEDULE) ?? [];
    const delivery = { attempts_made: 0, tries_used: 0, expires_at: 7 * 24 * 3_600_000 };
    let now = 0;
    for (;;) {
      const next = transition(throttled(asked), delivery, { schedule, now, random: () => 0.5 });
      delivery.attempts_made++;
      if (next.used_try) delivery.tries_used++;
      if (next.state !== 'pending') break;
      now += next.retry_in_ms;
    }
    expect(delivery.attempts_made).toBeLessThanOrEqual(FREE_THROTTLES + schedule.length);
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
