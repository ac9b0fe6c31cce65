import { baselineOf, SLOT_MS, silentAfter, type ValueAt } from '../../../../api/src/notifications/triggers/baseline.ts';
import { createZone } from '../../../../api/src/notifications/triggers/zone.ts';
import { DAY, HOUR, MINUTE } from './support.ts';

const BERLIN = createZone('Europe/Berlin');
const NOW = Date.parse('2026-02-24T14:23:00+01:00');
const START = NOW - 23 * MINUTE;

/** A value for each of the last weeks at this hour; undefined: not evaluated. */
function weeks(...values: (number | undefined)[]): ValueAt {
  return (time) => {
    const week = values.findIndex(
      (_, i) => time >= START - (i + 1) * 7 * DAY && time < START - (i + 1) * 7 * DAY + HOUR,
    );
    return values[week];
  };
}

describe('baselineOf', () => {
  it('is the median of the last 4 weeks at this weekday and hour', () => {
    expect(baselineOf(BERLIN, weeks(100, 120, 140, 5_000), NOW)).toBe(130);
    expect(baselineOf(BERLIN, weeks(100, 120, 5_000), NOW)).toBe(120);
    expect(baselineOf(BERLIN, weeks(100, 120, 140, 160, 9_000), NOW)).toBe(130);
  });

  it('needs two weeks', () => {
    expect(baselineOf(BERLIN, weeks(undefined, 100, undefined, 140), NOW)).toBe(120);
    expect(baselineOf(BERLIN, weeks(100), NOW)).toBeUndefined();
  });

  it('takes the mean of an hour, of which half has to be known', () => {
    const slots =
      (count: number): ValueAt =>
      (time) => {
        const slot = ((time - START) % (7 * DAY)) / SLOT_MS;
        const known = (slot + (7 * DAY) / SLOT_MS) % ((7 * DAY) / SLOT_MS);
        return known < count ? known : undefined;
      };
    expect(baselineOf(BERLIN, slots(12), NOW)).toBe(5.5);
    expect(baselineOf(BERLIN, slots(6), NOW)).toBe(2.5);
    expect(baselineOf(BERLIN, slots(5), NOW)).toBeUndefined();
  });

  it('goes by the clock on the wall when it was changed in between', () => {
    const after = Date.parse('2026-03-31T14:23:00+02:00');
    const values: ValueAt = (time) => (new Date(time).getUTCHours() === 13 ? 10 : 1_000);
    // 14:00 was 13:00Z in all the weeks before the change.
    expect(baselineOf(BERLIN, values, after)).toBe(10);
  });
});

describe('silentAfter', () => {
  it.each([
    [weeks(50, 50), 30 * MINUTE],
    [weeks(0.5, 0.5), 50 * MINUTE],
    [weeks(0.01, 0.01), 2_500 * MINUTE],
    [weeks(0, 0), undefined],
    [() => undefined, undefined],
  ])('is the longer of half an hour and five usual gaps (%#)', (valueAt, expected) => {
    expect(silentAfter(BERLIN, valueAt, NOW)).toBe(expected);
  });

  it('goes by the last day before there are two weeks', () => {
    expect(
      silentAfter(BERLIN, (time) => (time > NOW - HOUR ? 0 : time > NOW - DAY ? 0.5 : undefined), NOW),
    ).toBeCloseTo(52 * MINUTE, -6);
  });
});
