import { type SiteResult, toHits } from '../../../../api/src/notifications/hits/to-hits.ts';
import { parseEvent } from '../../../../api/src/notifications/hits/tracked-event.ts';
import { createNotificationsView } from '../../../../api/src/notifications/sites/view.ts';
import { aGoal, aSite } from '../../../support/notifications.ts';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const sites = [
  aSite(),
  aSite({ id: 'site00000000002', domain: 'example.org' }),
  aSite({ id: 'site00000000003', domain: 'off.example.net', enabled: false }),
  aSite({ id: 'site00000000004', domain: 'plausible.example', counted_by: 'plausible' }),
];
const goals = [aGoal({ page_path: '/thanks' }), aGoal({ id: 'goal00000000002', event_name: 'Signup' })];
const view = createNotificationsView({ version: 1, sites, goals, triggers: [] });

function hitsOf(
  fields: object,
  { userAgent = CHROME, ip = '192.0.2.1', takeTurn = (): boolean => true } = {},
): SiteResult[] {
  const parsed = parseEvent({ n: 'pageview', u: 'https://example.com/', d: 'example.com', ...fields });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return toHits(parsed.event, { ip, userAgent, receivedAt: 5 }, { view, takeTurn });
}
const hitOf = (...args: Parameters<typeof hitsOf>) => hitsOf(...args)[0]?.hit;
const drops = (...args: Parameters<typeof hitsOf>) => hitsOf(...args).map(({ site, drop }) => [site, drop]);

test('a pageview has its page, a custom event none; both complete goals', () => {
  expect(hitOf({ u: 'https://example.com/thanks?q=1' })).toMatchObject({
    site: 'site00000000001',
    receivedAt: 5,
    page: '/thanks',
    sign_of_life: false,
    completions: [{ goal: 'goal00000000001', page: '/thanks' }],
  });
  expect(hitOf({ n: 'Signup', u: 'https://example.com/thanks' })).toMatchObject({
    page: '',
    sign_of_life: false,
    completions: [{ goal: 'goal00000000002', page: '/thanks' }],
  });
});

test('engagement is a sign of life only', () => {
  const engagement = { n: 'engagement', u: 'https://example.com/thanks', sd: 80, e: 12_000 };
  expect(hitOf(engagement)).toMatchObject({ page: '', sign_of_life: true, completions: [] });
});

test('each domain has a result of its own', () => {
  expect(drops({ d: 'example.com,example.org,off.example.net,plausible.example,unknown.example' })).toEqual([
    ['site00000000001', undefined],
    ['site00000000002', undefined],
    ['site00000000003', 'site_disabled'],
    ['site00000000004', 'counted_elsewhere'],
    ['', 'unknown_site'],
  ]);
  expect(drops({}, { takeTurn: () => false })).toEqual([['site00000000001', 'rate_limited']]);
});

test.each([
  'Googlebot/2.1 (+http://www.google.com/bot.html)',
  CHROME.replace('Chrome/', 'HeadlessChrome/'),
  'curl/8.5.0',
  'python-requests/2.32',
])('%s is a bot', (userAgent) => {
  expect(drops({}, { userAgent })).toEqual([['site00000000001', 'bot']]);
});

test.each([
  CHROME,
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  '',
])('"%s" is none', (userAgent) => {
  expect(drops({}, { userAgent })).toEqual([['site00000000001', undefined]]);
});

test('who is told apart: by address, browser, site, and registrable domain of the page', () => {
  const identity = (...args: Parameters<typeof hitsOf>) => hitOf(...args)?.identity;
  const same = identity({});
  expect(identity({ u: 'https://blog.example.com/other' })).toBe(same);
  expect(identity({ u: 'https://example.co.uk/' })).not.toBe(identity({ u: 'https://other.co.uk/' }));
  expect(identity({}, { ip: '192.0.2.2' })).not.toBe(same);
  expect(identity({}, { userAgent: `${CHROME} Edg/140` })).not.toBe(same);
  expect(identity({ d: 'example.org' })).not.toBe(same);
});

test.each([
  ['https://www.news.ycombinator.com/item?id=1', '', 'news.ycombinator.com'],
  ['https://www.example.com/page', '', ''],
  ['http://localhost:3000/', '', ''],
  ['android-app://com.google.android.gm', '', 'com.google.android.gm'],
  ['about:blank', '', ''],
  ['no URL', '', ''],
  ['https://google.com/', '?utm_source=mail', 'mail'],
])('from %s with %s: "%s"', (r, query, source) => {
  expect(hitOf({ r, u: `https://example.com/${query}` })?.source).toBe(source);
});

test('a long path is cut, after the goals have seen it', () => {
  const hit = hitOf({ u: `https://example.com/${'x'.repeat(1_500)}` });
  expect([hit?.page.length, hit?.page.at(-1)]).toEqual([500, '…']);
});
