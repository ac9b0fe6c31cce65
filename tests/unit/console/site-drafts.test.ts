import { goalChangesOf, goalDraftOf, goalFieldsOf, NEW_GOAL } from '../../../api/console/src/sites/goal-draft.ts';
import { siteBodyOf, siteChangesOf, siteDraftOf } from '../../../api/console/src/sites/site-draft.ts';

const SITE = { id: 's', account: 'a', name: 'shop.example', domain: 'shop.example', timezone: 'UTC' };

test('a goal is completed by a page or an event, never both', () => {
  const page = { ...NEW_GOAL, name: ' Thanks ', what: ' /thanks ', props: 'plan: pro', currency: 'eur' };
  expect(goalFieldsOf(page)).toEqual({
    ...{ name: 'Thanks', enabled: true, event_name: '', page_path: '/thanks', currency: 'EUR' },
    props: { plan: 'pro' },
  });
  const draft = goalDraftOf({ ...goalFieldsOf(page), id: 'g' } as never);
  expect(goalChangesOf(draft, draft)).toEqual({});
  expect(goalChangesOf(draft, { ...draft, by: 'event_name', what: 'Thanks', props: '' })).toEqual({
    ...{ event_name: 'Thanks', page_path: '', props: null },
  });
});

test('a site at Plausible has a key, which stays where nothing new was typed', () => {
  const draft = siteDraftOf({
    ...SITE,
    counted_by: 'plausible',
    statistics_url: 'https://p.example',
    statistics_key: '••••b3f2',
  } as never);
  expect(siteChangesOf(draft, draft)).toEqual({});
  expect(siteChangesOf(draft, { ...draft, statisticsKey: ' new ', name: 'Shop' })).toEqual({
    statistics_key: 'new',
    name: 'Shop',
  });
  expect(siteBodyOf({ ...draft, countedBy: 'hits' }, undefined)).toEqual({ domain: 'shop.example', timezone: 'UTC' });
  expect(siteBodyOf({ ...draft, statisticsUrl: '' }, 'a')).toMatchObject({
    ...{ counted_by: 'plausible', statistics_url: '', statistics_key: '••••b3f2', account: 'a' },
  });
});
