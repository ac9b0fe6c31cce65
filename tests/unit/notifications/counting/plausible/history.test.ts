import { openPlausibleBench } from '../../../../support/plausible-bench.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const SLOT = 5 * MINUTE;
const SITE = 'site00000000001';
const NOON = Date.parse('2026-04-07T12:00:00Z');

let now = NOON;
let bench: Awaited<ReturnType<typeof openPlausibleBench>>;
afterEach(() => bench?.close());

async function open(timezone = 'Europe/Berlin') {
  now = NOON;
  bench = await openPlausibleBench({ now: () => now, sites: [{ id: SITE, timezone }] });
  return bench;
}

/** Of the 5 minutes that begin then. */
async function valuesAt(times: number[], window_s: number) {
  const slots = times.map((time) => time / SLOT);
  const [from, to] = [Math.min(...slots), Math.max(...slots) + 1];
  const values = await bench.counting.readValues({ site: SITE, window_s }, from, to);
  return slots.map((slot) => values[slot - from]);
}

test('visitors of an hour are those of the hour, by the clock of UTC, over a change of clocks too', async () => {
  await open();
  // Clocks went forward on 29 March.
  const hours = ['2026-03-20T10:00:00Z', '2026-04-05T10:00:00Z'].map((text) => Date.parse(text));
  for (const [i, hour] of hours.entries())
    for (let n = 0; n <= i; n++) bench.fake.event('example.com', `visitor ${n}`, { at: hour + 20 * MINUTE });
  const times = hours.flatMap((hour) => [hour - SLOT, hour + HOUR - SLOT, hour + 2 * HOUR - SLOT]);
  expect(await valuesAt(times, 3_600)).toEqual([null, 1, 0, 0, 2, 0]);
  expect(bench.fake.asked.filter(({ path }) => path === '/api/v2/query')).toHaveLength(1);
});

test('another window has its part of them, as six exact counts say', async () => {
  await open('UTC');
  // In each hour 12 visitors, who stay 5 minutes each and do not come again that hour.
  for (let hour = NOON - 10 * 24 * HOUR; hour < NOON; hour += HOUR)
    for (let n = 0; n < 12; n++)
      bench.fake.event('example.com', `visitor ${n}`, { at: hour + n * 5 * MINUTE + MINUTE });
  const [time] = [NOON - 48 * HOUR];
  expect(await valuesAt([time], 300)).toEqual([1]);
  // The same 12 come in every hour.
  expect(await valuesAt([time], 12 * 3_600)).toEqual([12]);
  // One question for the hours, and six for each window.
  expect(bench.fake.asked).toHaveLength(13);
});

test('what was counted here is kept, and only the rest is of Plausible', async () => {
  await open('UTC');
  bench.fake.event('example.com', 'ann', { at: NOON - HOUR });
  const slot = (NOON - 20 * MINUTE) / SLOT;
  await bench.kept.saveValues(slot, [{ site: SITE, window_s: 3_600, value: 9 }]);
  bench.fake.event('example.com', 'ann', { at: NOON - 2 * HOUR });
  const times = [NOON - 3 * HOUR, NOON - 25 * MINUTE, NOON - 20 * MINUTE, NOON + HOUR];
  expect(await valuesAt(times, 3_600)).toEqual([null, 1, 9, null]);
});

test('a past that can not be read is said, not taken for an empty one', async () => {
  await open('UTC');
  bench.fake.key = 'another';
  await expect(valuesAt([NOON - HOUR], 3_600)).rejects.toMatchObject({
    code: 'statistics_unavailable',
    message: expect.stringContaining('refuses the key'),
  });
  // It is not asked again and again.
  await expect(valuesAt([NOON - HOUR], 3_600)).rejects.toMatchObject({ code: 'statistics_unavailable' });
  expect(bench.fake.asked).toHaveLength(1);
});

test('however many windows are looked at, readings keep their part of the limit', async () => {
  await open('UTC');
  for (let minutes = 1; minutes <= 50; minutes++) await valuesAt([NOON - HOUR], minutes * 60).catch(() => undefined);
  expect(bench.fake.asked.length).toBeLessThanOrEqual(100);
  expect(bench.fake.asked.length).toBeGreaterThan(90);
});
