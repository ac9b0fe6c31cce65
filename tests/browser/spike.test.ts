import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import type { Json } from '../integration/workspace.ts';
import { describeBrowser, launchBrowser } from '../support/browser.ts';
import { TLS_CERTIFICATE, TLS_KEY } from '../support/certificate.ts';
import { logIn } from '../support/console.ts';
import { describeWithServices } from '../support/pocketbase.ts';
import { type Product, startProduct } from '../support/product.ts';
import { until } from '../support/until.ts';
import { CHROME } from '../support/user-agent.ts';
import { serveTrackedPages, type TrackedPages } from './tracked-pages.ts';

interface Notification {
  headers: Record<string, string>;
  body: string;
}

const DOMAIN = 'shop.example';
const describeProduct = describeWithServices === describe ? describeBrowser : describe.skip;

/** Where a webhook leads: over TLS, as in production. */
async function startTlsSink() {
  let tell: (notification: Notification) => void;
  const first = new Promise<Notification>((resolve) => {
    tell = resolve;
  });
  const server = createServer({ key: TLS_KEY, cert: TLS_CERTIFICATE }, async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    response.writeHead(204).end();
    tell({ headers: request.headers as Record<string, string>, body });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    first,
    close() {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

describeProduct('from a tracker on a page to a signed webhook', () => {
  let folder: string;
  let product: Product;
  let pages: TrackedPages;
  let browser: Browser;
  let sink: Awaited<ReturnType<typeof startTlsSink>>;
  let token: string;

  async function api(method: string, path: string, body?: object): Promise<Json> {
    const response = await fetch(`${product.url}/api/v1${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pockethook-tls-'));
    const authority = join(folder, 'ca.pem');
    writeFileSync(authority, TLS_CERTIFICATE);
    product = await startProduct({ env: { ALLOW_HTTP_DESTINATIONS: 'false', NODE_EXTRA_CA_CERTS: authority } });
    pages = await serveTrackedPages();
    browser = await launchBrowser();
    sink = await startTlsSink();
    const { email, password } = product.login();
    token = (await api('POST', '/session', { email, password })).token;
  });
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
    await product?.stop();
    await sink?.close();
    rmSync(folder, { recursive: true });
  });

  /** Each has a browser of its own; resolves when the hit was accepted. */
  async function visit(visitor: number): Promise<void> {
    const context = await browser.newContext({ userAgent: `${CHROME} Edg/${visitor}` });
    const page = await context.newPage();
    await page.goto(`${pages.origin}/launch?secret=canary`, { referer: 'https://news.ycombinator.com/item?id=1' });
    const endpoint = `${product.url}/api/event`;
    const answered = page.waitForResponse(endpoint);
    await page.evaluate(`trackers.init(${JSON.stringify({ endpoint, domain: DOMAIN, captureOnLocalhost: true })})`);
    expect((await answered).status()).toBe(202);
    await context.close();
  }

  test('three visitors on a page are a spike, told once, with a signature that the receiver can verify', async () => {
    const { id: webhook, secret } = await api('POST', '/webhooks', { url: sink.url });
    const { id: site } = await api('POST', '/sites', { domain: DOMAIN });
    const spike = { name: 'launch', site, type: 'visitor_spike', threshold: 3, readings: 1, destinations: [webhook] };
    const { id: trigger } = await api('POST', '/triggers', spike);
    const phase = async () => (await api('GET', `/triggers/${trigger}`)).state?.phase;
    await until('the trigger to be watched', async () => ((await phase()) === 'armed' ? true : undefined));

    for (const visitor of [1, 2, 3]) await visit(visitor);

    const { body, headers } = await sink.first;
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({
      type: 'visitor.spike',
      site: { domain: DOMAIN },
      trigger: { id: trigger, name: 'launch' },
      value: 3,
      threshold: 3,
      top_pages: [{ page: '/launch', pageviews: 3 }],
      top_sources: [{ source: 'news.ycombinator.com', visitors: 3 }],
    });
    expect(body).not.toContain('canary');
    const { data } = await api('GET', `/events?trigger=${trigger}`);
    expect(data).toMatchObject([{ id: JSON.parse(body).id, type: 'visitor.spike' }]);
    await until('the delivery', async () => {
      const { deliveries } = await api('GET', `/events/${data[0].id}`);
      return deliveries[0].state === 'delivered' ? true : undefined;
    });

    // The same in the console: the trigger fires, its chart has what it told, and the webhook's history has the delivery.
    const page = await browser.newPage();
    await page.goto(`${product.url}/triggers/${trigger}`);
    await logIn(page, product.login());
    await page.getByText('firing', { exact: true }).waitFor();
    await page.getByText('It has told; it is over at').waitFor();
    await page.getByRole('link', { name: 'What it told' }).click();
    await page.getByRole('link', { name: 'visitor.spike' }).waitFor();
    await page.goto(`${product.url}/webhooks/${webhook}`);
    await page.getByRole('link', { name: 'launch' }).waitFor();
    await page.getByRole('table', { name: 'Newest deliveries' }).getByText('delivered', { exact: true }).waitFor();
    await page.close();
  });
});
