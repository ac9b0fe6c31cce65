import { allowedAt, isQuiet } from '../../../../api/src/notifications/triggers/quiet-hours.ts';
import { createZone, daysBefore, startOfDay } from '../../../../api/src/notifications/triggers/zone.ts';

const NIGHT = { from: '22:00', to: '07:00' };
const BERLIN = createZone('Europe/Berlin');

describe('isQuiet', () => {
  it.each([
    ['2026-01-10T21:59:59+01:00', false],
    ['2026-01-10T22:00:00+01:00', true],
    ['2026-01-11T00:00:00+01:00', true],
    ['2026-01-11T06:59:59+01:00', true],
    ['2026-01-11T07:00:00+01:00', false],
  ])('over midnight: %s', (time, quiet) => {
    expect(isQuiet(NIGHT, BERLIN, Date.parse(time))).toBe(quiet);
  });

  it.each([
    ['2026-07-10T11:59:59+02:00', false],
    ['2026-07-10T12:00:00+02:00', true],
    ['2026-07-10T12:59:59+02:00', true],
    ['2026-07-10T13:00:00+02:00', false],
  ])('within a day: %s', (time, quiet) => {
    expect(isQuiet({ from: '12:00', to: '13:00' }, BERLIN, Date.parse(time))).toBe(quiet);
  });

  it.each([
    // 02:00 becomes 03:00: of 02:15 to 02:45 nothing is left; what ends at 02:30 ends with the change.
    [{ from: '02:15', to: '02:45' }, '2026-03-29T00:59:59Z', false],
    [{ from: '02:15', to: '02:45' }, '2026-03-29T01:00:00Z', false],
    [{ from: '22:00', to: '02:30' }, '2026-03-29T00:59:59Z', true],
    [{ from: '22:00', to: '02:30' }, '2026-03-29T01:00:00Z', false],
    // 03:00 becomes 02:00: the hour comes twice, and is quiet twice.
    [{ from: '02:15', to: '02:45' }, '2026-10-25T00:20:00Z', true],
    [{ from: '02:15', to: '02:45' }, '2026-10-25T00:50:00Z', false],
    [{ from: '02:15', to: '02:45' }, '2026-10-25T01:20:00Z', true],
    [{ from: '02:15', to: '02:45' }, '2026-10-25T01:50:00Z', false],
  ])('%j when the clocks change: %s', (hours, time, quiet) => {
    expect(isQuiet(hours, BERLIN, Date.parse(time))).toBe(quiet);
  });

  it('has zones of any offset', () => {
    expect(isQuiet(NIGHT, createZone('Asia/Kathmandu'), Date.parse('2026-01-10T16:15:00Z'))).toBe(true);
    expect(isQuiet(NIGHT, createZone('Asia/Kathmandu'), Date.parse('2026-01-10T16:14:59Z'))).toBe(false);
    expect(isQuiet(NIGHT, createZone('UTC'), Date.parse('2026-01-10T22:00:00Z'))).toBe(true);
    expect(isQuiet(NIGHT, createZone('America/St_Johns'), Date.parse('2026-01-11T01:30:00Z'))).toBe(true);
  });

  it('never is without hours, or with none between them', () => {
    expect(isQuiet(null, BERLIN, 0)).toBe(false);
    expect(isQuiet({ from: '22:00', to: '22:00' }, BERLIN, Date.parse('2026-01-10T22:00:00+01:00'))).toBe(false);
  });
});

describe('allowedAt', () => {
  it.each([
    ['2026-01-10T12:00:00+01:00', '2026-01-10T12:00:00+01:00'],
    ['2026-01-10T23:30:30+01:00', '2026-01-11T07:00:00+01:00'],
    ['2026-01-11T06:59:59+01:00', '2026-01-11T07:00:00+01:00'],
    ['2026-03-28T23:00:00+01:00', '2026-03-29T07:00:00+02:00'],
    ['2026-10-24T23:00:00+02:00', '2026-10-25T07:00:00+01:00'],
  ])('%s → %s', (time, allowed) => {
    expect(new Date(allowedAt(NIGHT, BERLIN, Date.parse(time)))).toEqual(new Date(allowed));
  });
});

describe('a zone', () => {
  it.each([
    ['2026-03-29T12:00:00+02:00', '2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00'],
    ['2026-10-25T12:00:00+01:00', '2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00'],
  ])('has days of 23 and 25 hours: %s', (time, today, tomorrow) => {
    expect(new Date(startOfDay(BERLIN, Date.parse(time)))).toEqual(new Date(today));
    expect(new Date(startOfDay(BERLIN, Date.parse(time), 1))).toEqual(new Date(tomorrow));
  });

  it('has the same time on the wall a week before a change', () => {
    expect(new Date(daysBefore(BERLIN, Date.parse('2026-03-30T14:00:00+02:00'), 7))).toEqual(
      new Date('2026-03-23T14:00:00+01:00'),
    );
    // A time that was skipped then: as much later.
    expect(new Date(daysBefore(BERLIN, Date.parse('2026-04-05T02:30:00+02:00'), 7))).toEqual(
      new Date('2026-03-29T03:30:00+02:00'),
    );
  });

  it('that does not exist is refused', () => {
    expect(() => createZone('Europe/Atlantis')).toThrow(RangeError);
  });
});
