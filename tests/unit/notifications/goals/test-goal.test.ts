import type { Goal, Site } from '../../../../api/src/model/notifications.ts';
import { createTestGoal, type GoalTest } from '../../../../api/src/notifications/goals/test-goal.ts';
import { createNotificationsView } from '../../../../api/src/notifications/sites/view.ts';
import { aGoal, aSite } from '../../../support/notifications.ts';

const HIT: GoalTest = { event_name: 'pageview', url: '/', hash_mode: false, props: {}, revenue: null };
const THANKS = { page_path: '/shop/*/thanks' };
const PURCHASE = { event_name: 'Purchase', props: { plan: 'pro' }, currency: 'EUR' };
const EURO = { amount: '12.30', currency: 'EUR' };

function test(goal: Partial<Goal>, hit: Partial<GoalTest>, site: Partial<Site> = {}, scope?: string) {
  const current = createNotificationsView({ version: 1, sites: [aSite(site)], goals: [aGoal(goal)], triggers: [] });
  return createTestGoal({ current })(aGoal().id, scope, { ...HIT, ...hit });
}

describe('a hit is tried on a goal', () => {
  it.each<[string, Partial<Goal>, Partial<GoalTest>, object]>([
    ['a page', THANKS, { url: '/shop/42/thanks' }, { completed: true, reason: null, page: '/shop/42/thanks' }],
    [
      'a whole URL',
      THANKS,
      { url: 'https://example.com/shop/42/thanks?a=1#b' },
      { completed: true, page: '/shop/42/thanks' },
    ],
    ['hash mode', { page_path: '/app#/done' }, { url: '/app#/done?x=1', hash_mode: true }, { completed: true }],
    ['another page', THANKS, { url: '/shop/4/2/thanks' }, { completed: false, reason: 'page_path' }],
    [
      'an event where a page is meant',
      THANKS,
      { event_name: 'Purchase' },
      { completed: false, reason: 'not_a_pageview' },
    ],
    ['an event', PURCHASE, { event_name: 'Purchase', props: { plan: 'pro' } }, { completed: true, revenue: null }],
    [
      'an amount',
      PURCHASE,
      { event_name: 'Purchase', props: { plan: 'pro' }, revenue: EURO },
      { completed: true, revenue: EURO },
    ],
    ['another name', PURCHASE, { event_name: 'purchase' }, { completed: false, reason: 'event_name' }],
    [
      'another property',
      PURCHASE,
      { event_name: 'Purchase', props: { plan: 'free' } },
      { completed: false, reason: 'props' },
    ],
    [
      'a disabled goal',
      { ...THANKS, enabled: false },
      { url: '/shop/1/thanks' },
      { completed: false, reason: 'goal_disabled' },
    ],
  ])('%s', (_, goal, hit, expected) => {
    expect(test(goal, hit)).toMatchObject(expected);
  });

  it('says what does not fit', () => {
    const other = { event_name: 'Purchase', props: { plan: 'free' } };
    expect(test(PURCHASE, other).explanation).toBe('The goal takes plan=pro, and the event has plan=free.');
    const dollars = { event_name: 'Purchase', props: { plan: 'pro' }, revenue: { amount: '1', currency: 'USD' } };
    expect(test(PURCHASE, dollars)).toMatchObject({ completed: true, revenue: null });
    expect(test(PURCHASE, dollars).explanation).toMatch(/its amount does not count, since the goal is in EUR\.$/);
    expect(test(THANKS, { url: '/shop/1/thanks' }, { enabled: false })).toMatchObject({ reason: 'site_disabled' });
  });

  it.each([
    ['a URL that is none', { url: 'data:text/html,x' }, '/url scheme is not allowed'],
    ['an empty name', { event_name: '' }, '/event_name must be a text of 1 to 120 characters'],
    ['revenue in no currency', { revenue: { amount: '1', currency: 'XXX' } }, '/revenue must be an amount such as'],
    ['props over the limits', { props: { a: 'x'.repeat(2_001) } }, '/props keys should have at most 300 bytes'],
  ])('refuses %s, as no tracker would send it', (_, hit, message) => {
    expect(() => test(PURCHASE, hit)).toThrow(
      expect.objectContaining({ code: 'validation_failed', message: expect.stringContaining(message) }),
    );
  });

  it('is not asked of others, nor where Plausible counts', () => {
    expect(() => test(THANKS, {}, {}, 'another')).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(() => test(THANKS, {}, { counted_by: 'plausible' })).toThrow(expect.objectContaining({ code: 'conflict' }));
  });
});
