import { backtest, suggestThreshold } from '../../../../api/src/notifications/triggers/backtest.ts';
import { SLOT_MS } from '../../../../api/src/notifications/triggers/baseline.ts';
import { DAY, rule } from './support.ts';

const DAYS = 35;
const SLOTS_A_DAY = DAY / SLOT_MS;
const FROM_SLOT = Math.floor(Date.parse('2026-01-12T00:00:00Z') / SLOT_MS);
const at = (slot: number) => (FROM_SLOT + slot) * SLOT_MS;

/** 20 visitors all the time, but for bursts that begin at those slots and last half an hour. */
function history(bursts: number[], gap?: { from: number; to: number }) {
  const values = Array.from({ length: DAYS * SLOTS_A_DAY }, (_, slot): number | null => {
    if (gap && slot >= gap.from && slot < gap.to) return null;
    return bursts.some((burst) => slot >= burst && slot < burst + 6) ? 120 : 20;
  });
  return { fromSlot: FROM_SLOT, values, short: values };
}

describe('the backtest', () => {
  it('says when a spike would have been told, as the evaluator would have', () => {
    const bursts = [6, 10, 20].map((day) => day * SLOTS_A_DAY);
    const { firings, judged, asked } = backtest(rule(), history(bursts), at(5 * SLOTS_A_DAY));
    expect(firings.map(({ type, value }) => [type, value])).toEqual(Array(3).fill(['visitor.spike', 120]));
    expect(firings.map((one) => Math.floor(one.at / SLOT_MS) - FROM_SLOT)).toEqual(bursts);
    expect([judged, asked]).toEqual([30 * SLOTS_A_DAY, 30 * SLOTS_A_DAY]);
  });

  it('keeps to the cool-down', () => {
    const bursts = [SLOTS_A_DAY, SLOTS_A_DAY + 24];
    expect(backtest(rule(), history(bursts), at(0)).firings).toHaveLength(1);
    expect(backtest(rule({ cooldown: '10m' }), history(bursts), at(0)).firings).toHaveLength(2);
  });

  it('judges against what is usual once two weeks are known', () => {
    const relative = rule({ threshold: 0, relative_threshold: 3 });
    const { firings, judged } = backtest(relative, history([3, 20].map((day) => day * SLOTS_A_DAY)), at(0));
    expect(firings).toMatchObject([{ value: 120, threshold: 60 }]);
    expect(judged).toBeGreaterThan(20 * SLOTS_A_DAY);
    expect(judged).toBeLessThan(22 * SLOTS_A_DAY);
  });

  it('takes what nobody counted for no drop', () => {
    const drop = rule({ type: 'visitor_drop', threshold: 10, window: '1h' });
    const gap = { from: 10 * SLOTS_A_DAY, to: 11 * SLOTS_A_DAY };
    expect(backtest(drop, history([], gap), at(0)).firings).toEqual([]);
  });

  it('suggests a threshold that tells about once a week', () => {
    const bursts = [6, 12, 18, 26].map((day) => day * SLOTS_A_DAY);
    const from = at(5 * SLOTS_A_DAY);
    const suggested = suggestThreshold(rule({ threshold: 1 }), history(bursts), from);
    expect(suggested).toBeGreaterThan(20);
    expect(suggested).toBeLessThanOrEqual(120);
    expect(backtest(rule({ threshold: suggested ?? 0 }), history(bursts), from).firings).toHaveLength(4);
    expect(suggestThreshold(rule(), { fromSlot: FROM_SLOT, values: [], short: [] }, from)).toBeUndefined();
  });
});

it('reckons what is usual once an hour, not once for each value and threshold that is tried', () => {
  const relative = rule({ threshold: 0, relative_threshold: 3 });
  const looked = history([3, 20].map((day) => day * SLOTS_A_DAY));
  let looks = 0;
  const values = new Proxy(looked.values, {
    get(target, key, receiver) {
      if (typeof key === 'string' && /^\d+$/.test(key)) looks++;
      return Reflect.get(target, key, receiver);
    },
  });
  expect(suggestThreshold(relative, { ...looked, values }, at(0))).toBeDefined();
  // An hour needs those of 4 weeks, 48 values, and has 12; each of at most 10 thresholds looks at each value.
  expect(looks).toBeLessThan(DAYS * SLOTS_A_DAY * (10 + 48 / 12 + 1));
});
