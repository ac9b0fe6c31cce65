import { createNotificationsView } from '../../../../api/src/notifications/sites/view.ts';
import { aGoal, aSite, aTrigger } from '../../../support/notifications.ts';

const first = aSite();
const second = aSite({ id: 'site00000000002', domain: 'example.org' });
const goals = [aGoal(), aGoal({ id: 'goal00000000002' }), aGoal({ id: 'goal00000000003', site: second.id })];
const triggers = [aTrigger({ site: second.id })];
const view = createNotificationsView({ version: 7, sites: [first, second], goals, triggers });

test('sites are found by id and by domain', () => {
  expect(view.version).toBe(7);
  expect(view.site(second.id)).toBe(second);
  expect(view.siteByDomain('example.com')).toBe(first);
  expect(view.site('other')).toBeUndefined();
  expect(view.siteByDomain('www.example.com')).toBeUndefined();
});

test('goals and triggers are those of a site', () => {
  expect(view.goalsOf(first.id)).toEqual(goals.slice(0, 2));
  expect(view.triggersOf(second.id)).toEqual(triggers);
  expect([view.goalsOf('other'), view.triggersOf(first.id)]).toEqual([[], []]);
});
