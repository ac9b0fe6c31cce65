import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Goal, Site } from '../../api/src/model/notifications.ts';
import { describeBrowser, launchBrowser } from '../support/browser.ts';
import { aGoal, aSite } from '../support/notifications.ts';
import { describeWithServices, startPocketBase, type TestPocketBase } from '../support/pocketbase.ts';
import { startTracking, type Tracking } from '../support/tracking.ts';
import { until } from '../support/until.ts';
import { CHROME } from '../support/user-agent.ts';
import { serveTrackedPages, type TrackedPages } from './tracked-pages.ts';

/** One site for each test, with the same goals. */
const sites = Array.from(
  { length: 8 },
  (_, n): Site => aSite({ id: `site0000000000${n}`, domain: `${n}.example.com` }),
);
const goals = sites.flatMap(({ id: site }, n): Goal[] => [
  aGoal({ site, id: `purchase000000${n}`, event_name: 'Purchase', props: { plan: 'pro' }, currency: 'EUR' }),
  aGoal({ site, id: `outbound000000${n}`, event_name: 'Outbound Link: Click' }),
  aGoal({ site, id: `signup00000000${n}`, event_name: 'Signup', props: { plan: 'pro' } }),
  aGoal({ site, id: `thanks00000000${n}`, page_path: '/shop/*/thanks' }),
]);

const describeTrackers = describeWithServices === describe ? describeBrowser : describe.skip;

describeTrackers('the trackers from npm', () => {
  let pocketbase: TestPocketBase;
  let tracking: Tracking;
  let pages: TrackedPages;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    pocketbase = await startPocketBase();
    tracking = await startTracking(pocketbase, { sites, goals });
    pages = await serveTrackedPages();
    browser = await launchBrowser();
    // Its own name for itself, HeadlessChrome, is that of a bot.
    context = await browser.newContext({ userAgent: CHROME });
  });
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
    await tracking?.close();
    await pocketbase?.stop();
  });

  /** Opens a page whose tracker is set up by this code; `endpoint` and `domain` are at its hand. */
  async function open(site: number, path: string, setUp: string, from = context): Promise<Page> {
    const page = await from.newPage();
    await page.goto(pages.origin + path, { referer: 'https://www.news.example/item?id=1' });
    await run(page, site, setUp);
    return page;
  }

  function run(page: Page, site: number, code: string): Promise<unknown> {
    const names = { endpoint: tracking.url, host: new URL(tracking.url).origin, domain: sites[site]?.domain };
    return page.evaluate(`((endpoint, host, domain) => { ${code} })(...${JSON.stringify(Object.values(names))})`);
  }

  /** Pages, completed goals and signs of life of a site, as soon as there are at least so many of each. */
  async function hitsOf(site: number, least: { views?: number; completed?: number; signs?: number }) {
    const { views: leastViews = 0, completed: leastCompleted = 0, signs: leastSigns = 0 } = least;
    return until(`hits of site ${site}: ${JSON.stringify(least)}`, async () => {
      const hits = tracking.recorded.filter((hit) => hit.site === sites[site]?.id);
      const views = hits.flatMap(({ page }) => (page === '' ? [] : page));
      const completed = hits.flatMap(({ completions }) =>
        completions.map(({ goal, amount, currency }) =>
          [goal.replace(/0+\d$/, ''), amount + currency].join(' ').trim(),
        ),
      );
      const signs = hits.filter(({ sign_of_life }) => sign_of_life).length;
      const areAll = views.length >= leastViews && completed.length >= leastCompleted && signs >= leastSigns;
      return areAll ? { views, completed, signs } : undefined;
    });
  }

  const NEW = `trackers.init({ endpoint, domain, captureOnLocalhost: true, outboundLinks: true, hashBasedRouting: location.hash !== '' });`;
  const OLD = `window.old = trackers.Plausible({ apiHost: host, domain, trackLocalhost: true, hashMode: location.hash !== '' });
    old.enableAutoPageviews(); old.enableAutoOutboundTracking();`;

  test.each([
    ['@plausible-analytics/tracker', 0, NEW],
    ['plausible-tracker', 1, OLD],
  ])('%s: pages of a single-page application, goals, outbound links', async (_name, site, setUp) => {
    const page = await open(site, '/shop?utm_campaign=x', setUp);
    await hitsOf(site, { views: 1 });
    await page.evaluate(`history.pushState({}, '', '/shop/42/thanks?order=1')`);
    await hitsOf(site, { views: 2 });
    await page.click('#out', { noWaitAfter: true });
    expect(await hitsOf(site, { completed: 2 })).toMatchObject({
      views: ['/shop', '/shop/42/thanks'],
      completed: ['thanks', 'outbound'],
    });
    expect(await tracking.read(`site0000000000${site}`)).toMatchObject({ visitors: 1, sources: { 'news.example': 1 } });
    await page.close();
  });

  test.each([
    ['@plausible-analytics/tracker', 2, NEW],
    ['plausible-tracker', 3, OLD],
  ])('%s: hash mode', async (_name, site, setUp) => {
    const page = await open(site, '/app#/settings', setUp);
    await hitsOf(site, { views: 1 });
    await page.evaluate(`location.hash = '#/shop?token=secret'`);
    // The older one reports a page twice in this mode: it listens to popstate as well.
    expect([...new Set((await hitsOf(site, { views: 2 })).views)]).toEqual(['/app#/settings', '/app#/shop']);
    await page.close();
  });

  test('@plausible-analytics/tracker: custom events with props and revenue, by script and by class', async () => {
    const page = await open(4, '/', NEW);
    await run(
      page,
      4,
      `trackers.track('Purchase', { props: { plan: 'free' }, revenue: { currency: 'EUR', amount: 5 } })`,
    );
    await run(
      page,
      4,
      `trackers.track('Purchase', { props: { plan: 'pro' }, revenue: { currency: 'EUR', amount: '12.30' } })`,
    );
    await run(
      page,
      4,
      `trackers.track('Purchase', { props: { plan: 'pro' }, revenue: { currency: 'USD', amount: 7 } })`,
    );
    await page.click('button');
    const { completed } = await hitsOf(4, { completed: 3 });
    expect(completed.sort()).toEqual(['purchase', 'purchase 12.30EUR', 'signup']);
    await page.close();
  });

  test('plausible-tracker: custom events with props', async () => {
    const page = await open(5, '/', OLD);
    await run(page, 5, `old.trackEvent('Purchase', { props: { plan: 'pro' } })`);
    expect((await hitsOf(5, { completed: 1 })).completed).toEqual(['purchase']);
    await page.close();
  });

  test('@plausible-analytics/tracker: engagement is a sign of life', async () => {
    const page = await open(6, '/', NEW);
    await hitsOf(6, { views: 1 });
    await page.evaluate(`scrollTo(0, 2000)`);
    await page.evaluate(`new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))`);
    await page.evaluate(`history.pushState({}, '', '/next')`);
    expect(await hitsOf(6, { views: 2, signs: 1 })).toMatchObject({ views: ['/', '/next'], completed: [] });
    await page.close();
  });

  test('a headless browser by its own name is a bot, and a page can see that', async () => {
    const headless = await browser.newContext();
    const page = await headless.newPage();
    const answered = page.waitForResponse(tracking.url);
    await page.goto(pages.origin);
    await run(page, 7, NEW);
    const answer = await answered;
    expect([answer.status(), answer.headers()['x-plausible-dropped']]).toEqual([202, '1']);
    expect(tracking.recorded.filter(({ site }) => site === sites[7]?.id)).toEqual([]);
    await headless.close();
  });
});
