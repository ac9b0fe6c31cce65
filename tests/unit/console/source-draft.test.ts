import { changesOf, type Draft, slugOf } from '../../../api/console/src/sources/draft.ts';

const BEFORE: Draft = {
  eventType: 'body.action',
  dedupeKey: '',
  extract: 'a: body.a',
  rateLimit: '',
  maxBodyBytes: '',
  secret: '',
};

test.each([
  [{}, {}],
  [{ eventType: '' }, { event_type: '' }],
  [{ extract: 'a: body.a\n\nurl: "https://x/" + body.b' }, { extract: { a: 'body.a', url: '"https://x/" + body.b' } }],
  [{ extract: ' ' }, { extract: null }],
  [{ rateLimit: '20' }, { rate_limit: 20 }],
  [{ rateLimit: 'many' }, { rate_limit: 'many' }],
  [{ secret: ' abc ' }, { secrets: ['abc'] }],
])('%j changes %j', (typed, changes) => {
  expect(changesOf(BEFORE, { ...BEFORE, ...typed })).toEqual(changes);
});

test.each([
  ['Cal.com', 'cal-com'],
  ['GitHub', 'github'],
  ['  -- ', ''],
])('%s is %s in a URL', (title, slug) => expect(slugOf(title)).toBe(slug));
