import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import type { Browser, Page } from 'playwright-core';
import { loadContract } from '../../api/src/http/openapi.ts';
import { securityHeaders } from '../../api/src/http/security-headers.ts';
import { docsRouter } from '../../api/src/management/docs.ts';
import { describeBrowser, launchBrowser } from '../support/browser.ts';
import { CONTRACT_FILE } from '../support/contract.ts';
import { ROOT } from '../support/pocketbase.ts';

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1600, height: 900 };

describeBrowser('the pages of the API', () => {
  let server: Server;
  let url: string;
  let browser: Browser;

  beforeAll(async () => {
    const app = express().use(securityHeaders());
    app.use(docsRouter({ contract: loadContract(CONTRACT_FILE), dir: join(ROOT, 'api/dist/docs') }));
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve));
  });

  test.each([
    ['phone, where the list is of paths', PHONE, '/api/v1/destinations/{id}/test'],
    ['desktop, where it is beside the text', DESKTOP, 'Send a test event'],
  ])('an operation can be found and read in the reference (%s)', async (_name, viewport, operation) => {
    await withPage(viewport, '/docs', async (page) => {
      const visible = (text: string) => page.getByText(text).locator('visible=true').first();
      // Forced: RapiDoc's text lies below the row that takes the click.
      await visible(operation).click({ force: true });
      await visible('Makes one attempt now').waitFor();
      expect(await scrollsSideways(page)).toBe(false);
    });
  });

  test('the list of problems fits a phone', async () => {
    await withPage(PHONE, '/docs/problems', async (page) => {
      await page.getByText('store_unavailable').first().waitFor();
      expect(await scrollsSideways(page)).toBe(false);
    });
  });

  /** Fails on whatever the browser complains of: what the policy refuses, what is missing, what breaks. */
  async function withPage(viewport: typeof PHONE, path: string, look: (page: Page) => Promise<void>): Promise<void> {
    const page = await browser.newPage({ viewport });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (fault) => complaints.push(String(fault)));
    await page.goto(url + path);
    await look(page);
    expect(complaints).toEqual([]);
    await page.close();
  }
});

function scrollsSideways(page: Page): Promise<boolean> {
  return page.evaluate('document.documentElement.scrollWidth > innerWidth');
}
