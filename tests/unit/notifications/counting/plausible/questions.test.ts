import type { Site, Trigger } from '../../../../../api/src/model/notifications.ts';
import { pacesOf, questionsOf } from '../../../../../api/src/notifications/counting/plausible/questions.ts';
import { createNotificationsView } from '../../../../../api/src/notifications/sites/view.ts';
import { aGoal, aSite, aTrigger } from '../../../../support/notifications.ts';

const SECOND = 1_000;
const site = (id: string, fields: Partial<Site> = {}) =>
  aSite({ id, counted_by: 'plausible', statistics_url: 'https://plausible.io', statistics_key: 'key', ...fields });
const watch = (fields: Partial<Trigger> = {}) => aTrigger({ site: 'a', destinations: ['destination0001'], ...fields });
const view = (sites: Site[], triggers: Trigger[] = []) =>
  createNotificationsView({
    version: 1,
    sites,
    triggers,
    goals: [aGoal({ site: 'a' }), aGoal({ id: 'off', site: 'a', enabled: false })],
  });
const asked = (...args: Parameters<typeof view>) =>
  questionsOf(view(...args)).map(({ id, everyMs }) => [id, everyMs / SECOND]);

test('asks what triggers need, often what may change soon', () => {
  const triggers = [
    watch(),
    watch({ id: 'drop', type: 'visitor_drop' }),
    watch({ id: 'hour', window: '1h' }),
    watch({ id: 'goal', type: 'goal_completion', goal: 'goal00000000001' }),
    watch({ id: 'goal off', type: 'goal_completion', goal: 'off' }),
    watch({ id: 'disabled', window: '2h', enabled: false }),
    watch({ id: 'tells nobody', window: '3h', destinations: [] }),
  ];
  expect(asked([site('a')], triggers)).toEqual([
    ['a 300', 30],
    ['a 43200', 240],
    ['a 3600', 30],
    ['goal00000000001', 30],
  ]);
});

test('of a site without triggers, whether it can be read, and nobody else', () => {
  expect(asked([site('a'), site('off', { enabled: false }), aSite({ id: 'hits' })])).toEqual([['a 300', 240]]);
});

/** So many sites with a spike each. */
function spikes(count: number, fields: (n: number) => Partial<Site> = () => ({})) {
  const sites = Array.from({ length: count }, (_, n) => site(`s${n}`, fields(n)));
  return view(
    sites,
    sites.map(({ id }) => watch({ id: `t${id}`, site: id })),
  );
}

test.each([
  [1, 30],
  [4, 30],
  [5, 38],
  [20, 150],
  [1000, 7500],
])('%d sites of one key are asked every %d s', (count, seconds) => {
  const paces = pacesOf(spikes(count));
  expect(paces.get('s0')).toBe(seconds * SECOND);
  const perHour = [...paces.values()].reduce((sum, everyMs) => sum + 3_600_000 / everyMs, 0);
  expect(Math.round(perHour)).toBeLessThanOrEqual(480);
});

test('another key has its own limit, and so has the same key elsewhere', () => {
  const keys = spikes(8, (n) => ({ statistics_key: `key ${n % 2}` }));
  const servers = spikes(8, (n) => ({ statistics_url: `https://plausible${n % 2}.example` }));
  for (const one of [keys, servers]) expect(new Set(pacesOf(one).values())).toEqual(new Set([30 * SECOND]));
});

test('what changes slowly is slowed down last', () => {
  const sites = Array.from({ length: 10 }, (_, n) => site(`s${n}`));
  const triggers = sites.flatMap(({ id }) => [
    watch({ id: `${id} spike`, site: id }),
    watch({ id: `${id} drop`, site: id, type: 'visitor_drop' }),
  ]);
  expect(new Set(questionsOf(view(sites, triggers)).map(({ everyMs }) => everyMs / SECOND))).toEqual(
    new Set([110, 240]),
  );
});
