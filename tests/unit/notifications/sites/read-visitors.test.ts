import { Problem } from '../../../../api/src/model/problems.ts';
import { createReadVisitors } from '../../../../api/src/notifications/sites/read-visitors.ts';
import { createNotificationsView } from '../../../../api/src/notifications/sites/view.ts';
import { createMemoryCounting } from '../../../support/memory-counting.ts';
import { aSite } from '../../../support/notifications.ts';

const NOON = Date.parse('2026-04-10T12:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const SLOT = 5 * MINUTE;
const site = aSite({ id: 'busy00000000000', timezone: 'Asia/Kathmandu' });
const notifications = {
  current: createNotificationsView({ version: 1, sites: [site], goals: [], triggers: [] }),
};

/** 35 days of a site with 20 visitors in 5 minutes, but where `valueAt` says otherwise; undefined: nobody evaluated. */
async function makeRead(valueAt: (time: number) => number | undefined = () => 20) {
  const counting = createMemoryCounting(() => NOON);
  for (let slot = (NOON - 35 * DAY) / SLOT; slot <= NOON / SLOT; slot++) {
    const value = valueAt(slot * SLOT);
    if (value !== undefined) await counting.saveValues(slot, [{ site: site.id, window_s: 300, value }]);
  }
  return createReadVisitors({ notifications, counting, kept: counting, now: () => NOON });
}

test('a day has a point for each evaluation, the newest last, with what is usual', async () => {
  const read = await makeRead((time) => (time === NOON ? 90 : 20));
  const { from, to, window, step_s, points } = await read({ site: site.id }, undefined);
  expect([from, to, window, step_s]).toEqual(['2026-04-09T12:00:00.000Z', '2026-04-10T12:05:00.000Z', '5m', 300]);
  expect(points).toHaveLength(289);
  expect(points[0]).toEqual({ at: '2026-04-09T12:00:00.000Z', visitors: 20, least: 20, usual: 20 });
  expect(points.at(-1)).toEqual({ at: '2026-04-10T12:00:00.000Z', visitors: 90, least: 90, usual: 20 });
});

test('a month is thinned; neither a spike nor a drop of 5 minutes is lost, nor is a gap taken for 0', async () => {
  const [spike, drop, gap] = [NOON - 20 * DAY + SLOT, NOON - 10 * DAY + SLOT, NOON - 5 * DAY];
  const read = await makeRead((time) => {
    if (time >= gap && time < gap + DAY) return undefined;
    return time === spike ? 500 : time === drop ? 1 : 20;
  });
  const from = new Date(NOON - 30 * DAY).toISOString();
  const { step_s, points } = await read({ site: site.id, from }, undefined);
  expect(step_s).toBe(7200);
  expect(points.length).toBeLessThanOrEqual(500);
  expect(points.filter(({ visitors }) => visitors === 500)).toHaveLength(1);
  expect(points.filter(({ least }) => least === 1)).toEqual([expect.objectContaining({ visitors: 20 })]);
  expect(points.filter(({ visitors }) => visitors === null)).toHaveLength(12);
  // Two weeks of the same hour must be known before something is usual.
  expect(points[0]?.usual).toBeNull();
  expect(points.at(-1)?.usual).toBe(20);
});

test('it ends with what is kept and what has come, and says what can not be asked for', async () => {
  const read = await makeRead();
  const ask = (query: object, scope?: string) => read({ site: site.id, ...query }, scope);
  const whole = await ask({ from: '2020-01-01T00:00:00Z', to: '2030-01-01T00:00:00Z' });
  expect(whole.points.length).toBeLessThanOrEqual(500);
  expect(Date.parse(whole.from)).toBeGreaterThanOrEqual(NOON - 37 * DAY);
  expect(Date.parse(whole.to)).toBeLessThan(NOON + 2 * 60 * MINUTE + 1);
  expect((await ask({ from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' })).points).toEqual([]);
  expect((await ask({ window: '1h' })).points.every(({ visitors }) => visitors === null)).toBe(true);
  for (const query of [
    { from: '2030-01-01T00:00:00Z' },
    { from: '2026-04-10T00:00:00Z', to: '2026-04-10T00:00:00Z' },
    { window: '59s' },
    { window: '25h' },
    { window: '' },
  ])
    await expect(ask(query)).rejects.toMatchObject({ code: 'validation_failed' });
  await expect(ask({}, 'other0000000000')).rejects.toMatchObject({ code: 'not_found' });
  await expect(read({ site: 'gone00000000000' }, undefined)).rejects.toMatchObject({ code: 'not_found' });
  expect((await ask({}, site.account)).points).toHaveLength(289);
});

test('while Plausible can not be asked for its past, what was read of it is shown', async () => {
  const kept = createMemoryCounting(() => NOON);
  await kept.saveValues(NOON / SLOT, [{ site: site.id, window_s: 300, value: 7 }]);
  const fails = (code: 'statistics_unavailable' | 'store_unavailable') =>
    createReadVisitors({
      notifications,
      counting: { readValues: () => Promise.reject(new Problem(code, 'away')) },
      kept,
      now: () => NOON,
    });
  const { points } = await fails('statistics_unavailable')({ site: site.id }, undefined);
  expect(points.filter(({ visitors }) => visitors !== null)).toMatchObject([{ visitors: 7 }]);
  await expect(fails('store_unavailable')({ site: site.id }, undefined)).rejects.toMatchObject({
    code: 'store_unavailable',
  });
});
