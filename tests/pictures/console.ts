/** `npm run pictures:console`: each page of the console, wide and on a phone, light and dark, into docs/images/console; with names after `--`, those only. */

import { createHmac, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page, Request } from 'playwright-core';
import { launchBrowser } from '../support/chromium.ts';
import { startFakePlausible } from '../support/fake-plausible.ts';
import { startProduct } from '../support/product.ts';
import { startSink } from '../support/sink.ts';
import { until } from '../support/until.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const IMAGES = join(ROOT, 'docs/images/console');
const WIDTHS = [1600, 390];
const EVENTS = 24;
const ONLY = process.argv.slice(2);
/** When many came to the shop, in hours ago. */
const CROWDS = new Set([50, 51, 170, 171, 172, 340, 520]);
const THEMES = ['light', 'dark'] as const;
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

mkdirSync(IMAGES, { recursive: true });
const product = await startProduct();
const sink = await startSink({ respond: (_, response) => response.writeHead(503).end('{"error":"database away"}') });
const plausible = await startFakePlausible(Date.now);
const browser = await launchBrowser();
try {
  const { email, password } = product.login();
  const { token } = await post('/api/v1/session', { email, password });
  const paths = await fill(token);
  for (const theme of THEMES) {
    const page = await browser.newPage({ colorScheme: theme, reducedMotion: 'reduce' });
    await logIn(page, email, password);
    for (const [name, path] of Object.entries(paths)) {
      if (ONLY.length > 0 && !ONLY.includes(name)) continue;
      for (const width of WIDTHS) await shoot(page, path, join(IMAGES, `${name}-${width}-${theme}.png`), width);
    }
    await page.close();
  }
} finally {
  await browser.close();
  await product.stop();
  await sink.close();
  await plausible.close();
}

/** An ordinary day: events that went well, one destination that fails, a site with visitors. The path of each page. */
async function fill(token: string): Promise<Record<string, string>> {
  const sources = await get('/api/v1/sources', token);
  const github = sources.find(({ name }) => name === 'github') as Found;
  const mapped = (await get('/api/v1/mappings', token)).find(({ name }) => name === 'github → inbox') as Found;
  const destination = { name: 'billing', type: 'http', url: `${sink.url}/hooks`, description: 'Invoices; ask Ann' };
  const billing = await post('/api/v1/destinations', destination, token);
  await post('/api/v1/mappings', { name: 'github → billing', source: github.id, destination: billing.id }, token);
  const filter = 'body.action == "opened" && !body.issue.locked';
  const template = { text: '{{ body.sender.login }} opened {{ data.title }}' };
  await patch(`/api/v1/mappings/${mapped.id}`, { filter, template }, token);
  const events: string[] = [];
  for (let number = 0; number < EVENTS; number++) events.push(await sendIssue());
  await sink.waitFor(1);

  const webhook = await post(
    '/api/v1/webhooks',
    { url: `${sink.url}/alerts`, description: 'Alerts of the shop' },
    token,
  );
  const site = await post('/api/v1/sites', { domain: 'example.com', timezone: 'Europe/Berlin' }, token);
  const spike = { name: 'launch', type: 'visitor_spike', threshold: 500 };
  const trigger = await post('/api/v1/triggers', { ...spike, site: site.id, destinations: [webhook.id] }, token);
  await post('/api/event', { name: 'pageview', url: 'https://example.com/launch', domain: 'example.com' });
  const shop = await fillShop(webhook.id, token);
  const hour = { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() };
  const replay = await post('/api/v1/replays', { ...hour, mode: 'current', source: github.id, rate: 1 }, token);
  const deliveries = await get(`/api/v1/deliveries?destination=${billing.id}&limit=200`, token);
  const delivery = deliveries.find(({ attempts_made }) => attempts_made > 0);
  const discord = (await get('/api/v1/mappings', token)).find(({ name }) => name === 'github → discord') as Found;
  return {
    overview: '/',
    events: '/events',
    event: `/events/${events.at(-1)}`,
    deliveries: '/deliveries',
    delivery: `/deliveries/${delivery?.id}`,
    sources: '/sources',
    source: `/sources/${github.id}`,
    'source-new': '/sources/new',
    'source-edit': `/sources/${github.id}/edit`,
    mappings: '/mappings',
    mapping: `/mappings/${discord.id}`,
    destinations: '/destinations',
    destination: `/destinations/${billing.id}`,
    'destination-edit': `/destinations/${billing.id}/edit`,
    replays: '/replays',
    replay: `/replays/${replay.id}`,
    'replay-new': '/replays/new',
    sites: '/sites',
    site: `/sites/${site.id}`,
    'site-visitors': `/sites/${shop.site}?range=7d`,
    'trigger-armed': `/triggers/${trigger.id}`,
    trigger: `/triggers/${shop.trigger}?range=30d`,
    'trigger-edit': `/triggers/${shop.trigger}/edit`,
    'trigger-new': `/sites/${site.id}/new-trigger`,
    webhooks: '/webhooks',
    webhook: `/webhooks/${webhook.id}`,
    settings: '/settings',
    users: '/settings/users',
    keys: '/settings/keys',
    audit: '/settings/audit',
  };
}

/** A site that has been counted for five weeks: its days, and a crowd now and then. */
async function fillShop(webhook: string, token: string): Promise<{ site: string; trigger: string }> {
  const domain = 'shop.example';
  plausible.addSite(domain, { timezone: 'Europe/Berlin' });
  const hour = 3_600_000;
  for (let ago = 1; ago < 36 * 24; ago++) {
    const at = Date.now() - ago * hour;
    const day = Math.max(0, Math.sin(((new Date(at).getUTCHours() - 6) / 24) * 2 * Math.PI));
    const crowd = CROWDS.has(ago) ? 4 : 1;
    const visitors = Math.round((12 + 30 * day + (ago % 7)) * crowd);
    for (let visitor = 0; visitor < visitors; visitor++)
      plausible.event(domain, `${ago} ${visitor}`, { at: at - ((visitor * 97_000) % hour) });
  }
  const elsewhere = { counted_by: 'plausible', statistics_url: plausible.url, statistics_key: plausible.key };
  const site = await post('/api/v1/sites', { domain, timezone: 'Europe/Berlin', ...elsewhere }, token);
  const spike = { name: 'launch', site: site.id, type: 'visitor_spike', relative_threshold: 2.5, window: '1h' };
  const trigger = await post('/api/v1/triggers', { ...spike, destinations: [webhook] }, token);
  return { site: site.id, trigger: trigger.id };
}

interface Found {
  id: string;
  name: string;
  token: string;
  attempts_made: number;
}

async function sendIssue(): Promise<string> {
  const secret = /secret (\S+)/.exec(product.output.find((line) => line.includes('/ingest/github')) ?? '')?.[1] ?? '';
  const body = readFileSync(join(ROOT, 'docs/examples/github-issues-opened.json'));
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'issues',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  };
  const response = await fetch(`${product.url}/ingest/github`, { method: 'POST', headers, body });
  return ((await response.json()) as Found).id;
}

function post(path: string, body: object, token = ''): Promise<Found> {
  return send('POST', path, token, body) as Promise<Found>;
}

function patch(path: string, body: object, token: string): Promise<unknown> {
  return send('PATCH', path, token, body);
}

async function get(path: string, token: string): Promise<Found[]> {
  return ((await send('GET', path, token)) as { data: Found[] }).data;
}

async function send(method: string, path: string, token: string, body?: object): Promise<unknown> {
  const response = await fetch(product.url + path, {
    method,
    headers: {
      'content-type': 'application/json',
      'user-agent': USER_AGENT,
      ...(token !== '' && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return text.startsWith('{') ? JSON.parse(text) : text;
}

async function logIn(page: Page, email: string, password: string): Promise<void> {
  await page.goto(product.url);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.locator('#main').waitFor();
}

/** When nothing is loading any more, without the pointer. */
async function shoot(page: Page, path: string, file: string, width: number): Promise<void> {
  const asked = new Set<Request>();
  const isEndless = (request: Request) => request.url().includes('/stream');
  page.on('request', (request) => isEndless(request) || asked.add(request));
  for (const end of ['requestfinished', 'requestfailed'] as const)
    page.on(end as 'requestfinished', (request) => asked.delete(request));
  await page.setViewportSize({ width, height: width < 500 ? 844 : 900 });
  await page.goto(product.url + path);
  await page.locator('#main h1').waitFor();
  await until('everything to be read', () => asked.size === 0 || undefined);
  page.removeAllListeners();
  await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
  // Editors and charts are drawn after what they show has come.
  await page.evaluate('document.fonts.ready.then(() => new Promise((done) => setTimeout(done, 500)))');
  await page.mouse.move(0, 0);
  await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
}
