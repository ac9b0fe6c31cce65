import { createReadHits } from '../../../../api/src/notifications/hits/read-hits.ts';
import { createReadSiteHits } from '../../../../api/src/notifications/sites/read-site-hits.ts';
import { createNotificationsView } from '../../../../api/src/notifications/sites/view.ts';
import type { HitTally } from '../../../../api/src/store/hits.ts';
import { createMemoryCounting } from '../../../support/memory-counting.ts';
import { aSite } from '../../../support/notifications.ts';

const NOON = Date.parse('2026-03-10T12:00:00Z');
const MINUTE = 60_000;
const SLOT = 5 * MINUTE;
const busy = aSite({ id: 'busy00000000000' });
const fresh = aSite({ id: 'fresh0000000000', account: 'other0000000000' });
const notifications = {
  current: createNotificationsView({ version: 1, sites: [busy, fresh], goals: [], triggers: [] }),
};

/** A site that had 5 visitors in 5 minutes for a day, up to now. */
async function makeWorld(counting_since: number) {
  const world = { now: NOON };
  const counting = createMemoryCounting(() => world.now);
  for (let slot = NOON / SLOT - 288; slot <= NOON / SLOT; slot++)
    await counting.saveValues(slot, [{ site: busy.id, window_s: 300, value: 5 }]);
  counting.hit(busy.id, 'ada');
  const triggers = { readLease: async () => ({ held: false, epoch: 1, counting_since, now: world.now }) };
  return { world, counting, read: createReadSiteHits({ notifications, counting, triggers }) };
}

test('a site is silent after half an hour, with what was dropped since, and one without a hit is not', async () => {
  const { world, counting, read } = await makeWorld(NOON - 300 * MINUTE);
  expect((await read([busy.id], false)).get(busy.id)).toEqual({ first: NOON, last: NOON, visitors: 1, silent: false });
  counting.drop(busy.id, 'bot');
  world.now = NOON + 30 * MINUTE;
  const later = await read([busy.id, fresh.id, 'gone00000000000'], true);
  expect([...later]).toEqual([
    [busy.id, { first: NOON, last: NOON, visitors: 0, silent: true, dropped: { bot: 1 } }],
    [fresh.id, { first: null, last: null, visitors: 0, silent: false, dropped: {} }],
  ]);
});

test('a site is not silent because nobody took its hits', async () => {
  const { world, read } = await makeWorld(NOON + 20 * MINUTE);
  world.now = NOON + 45 * MINUTE;
  expect((await read([busy.id], false)).get(busy.id)?.silent).toBe(false);
});

test('a time zone that does not exist costs nobody the rest of the list', async () => {
  const lost = aSite({ id: 'lost00000000000', timezone: 'Factory' });
  const current = createNotificationsView({ version: 1, sites: [busy, lost], goals: [], triggers: [] });
  const counting = createMemoryCounting(() => NOON);
  const triggers = { readLease: async () => ({ held: false, epoch: 1, counting_since: NOON, now: NOON }) };
  const read = createReadSiteHits({ notifications: { current }, counting, triggers });
  expect([...(await read([lost.id, busy.id], false)).keys()]).toEqual([lost.id, busy.id]);
});

test('what arrives is shown to those whose sites it arrived at', async () => {
  const { counting } = await makeWorld(NOON);
  const tally: HitTally = {
    since: NOON,
    cursor: '7',
    sites: [
      { site: busy.id, hits: 3, dropped: { bot: 1 } },
      { site: fresh.id, hits: 1, dropped: {} },
      { site: '', hits: 0, dropped: { unknown_site: 2 } },
    ],
  };
  const read = createReadHits({ readTally: async () => tally, counting, notifications });
  const seen = async (scope: string | undefined, site?: string) =>
    (await read({ site }, scope)).sites.map((one) => [one.site, one.hits, one.visitors]);
  expect(await seen(undefined)).toEqual([
    [busy.id, 3, 1],
    [fresh.id, 1, 0],
    [null, 0, 0],
  ]);
  expect(await seen(fresh.account)).toEqual([[fresh.id, 1, 0]]);
  expect(await seen(fresh.account, busy.id)).toEqual([]);
  expect(await read({}, busy.account)).toMatchObject({ since: '2026-03-10T12:00:00.000Z', cursor: '7' });
});
