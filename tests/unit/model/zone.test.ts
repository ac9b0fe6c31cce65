import { createZone, zoneOrUtc } from '../../../api/src/model/zone.ts';

const HOUR = 3_600_000;

test.each(['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Apia'])(
  '%s has the offsets of its clocks through all changes of a year and a half',
  (name) => {
    const zone = createZone(name);
    const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: name, dateStyle: 'short', timeStyle: 'medium' });
    const wrong: string[] = [];
    for (let time = Date.parse('2011-10-01T00:00:00Z'); time < Date.parse('2013-04-01T00:00:00Z'); time += HOUR / 2) {
      if (zone.offsetAt(time) !== Date.parse(`${wall.format(time).replace(' ', 'T')}Z`) - time)
        wrong.push(new Date(time).toISOString());
    }
    expect(wrong).toEqual([]);
  },
);

test('a change counts from its very moment on', () => {
  const zone = createZone('Europe/Berlin');
  expect(zone.offsetAt(Date.parse('2026-03-29T00:59:59Z'))).toBe(HOUR);
  expect(zone.offsetAt(Date.parse('2026-03-29T01:00:00Z'))).toBe(2 * HOUR);
});

test('a zone that there is not is UTC where that costs less than a refusal', () => {
  expect(zoneOrUtc('Europe/Atlantis').offsetAt(0)).toBe(0);
  expect(zoneOrUtc('Asia/Kolkata').offsetAt(0)).toBe(5.5 * HOUR);
});
