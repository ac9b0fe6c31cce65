import { sign } from '@octokit/webhooks-methods';
import type { Browser } from 'playwright-core';
import { describeBrowser, launchBrowser } from '../support/browser.ts';
import { accessibilityFaults, logIn, openConsole } from '../support/console.ts';
import {
  describeWithServices,
  startApp,
  startPocketBase,
  type TestApp,
  type TestPocketBase,
} from '../support/services.ts';

const describeConsole = describeBrowser === describe ? describeWithServices : describeBrowser;

describeConsole('sources in the console', () => {
  let pocketbase: TestPocketBase;
  let app: TestApp;
  let browser: Browser;

  beforeAll(async () => {
    pocketbase = await startPocketBase();
    app = await startApp(pocketbase);
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await pocketbase?.stop();
  });

  const BODY = JSON.stringify({ action: 'opened', issue: { title: 'It breaks' }, sender: { login: 'ann' } });

  async function deliverAsGitHub(secret: string): Promise<number> {
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': crypto.randomUUID(),
      'x-hub-signature-256': await sign(secret, BODY),
    };
    return (await fetch(`${app.url}/ingest/github`, { method: 'POST', headers, body: BODY })).status;
  }

  test('made for GitHub it waits for the first event, shows it when it comes, and what it refused', async () => {
    const { page, complaints } = await openConsole(browser, app.url, { path: '/sources' });
    await logIn(page, pocketbase);
    await page.getByText('No source yet').waitFor();
    await page.getByRole('link', { name: 'New source' }).click();
    await page.getByRole('link', { name: 'Cancel' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Events come from').selectOption({ label: 'GitHub' });
    expect(await page.getByLabel('Name').inputValue()).toBe('github');
    await page.getByLabel('Name').fill('Git Hub');
    await page.getByRole('button', { name: 'Create source' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Name').fill('github');
    await page.getByRole('button', { name: 'Create source' }).click();

    await page.getByRole('heading', { name: 'github is ready' }).waitFor();
    await page.getByText('Waiting for the first event').waitFor();
    const secret = (await page.locator('p:has-text("Copy the secret now") + div code').textContent()) ?? '';
    expect(await deliverAsGitHub('another secret')).toBe(401);
    expect(await deliverAsGitHub(secret)).toBe(202);
    await page.getByRole('link', { name: 'issues.opened' }).waitFor();

    await page.getByRole('link', { name: 'Open github' }).click();
    await page.getByText('signature_mismatch').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('paused', { exact: true }).waitFor();
    expect(await deliverAsGitHub(secret)).toBe(503);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('open', { exact: true }).waitFor();
    expect(await deliverAsGitHub(secret)).toBe(202);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('an expression that is wrong is refused at its field, with where; a right one is kept', async () => {
    const { page, complaints } = await openConsole(browser, app.url, { path: '/sources/new', width: 390, dark: true });
    await logIn(page, pocketbase);
    await page.getByLabel('Name').fill('backups');
    await page.getByRole('button', { name: 'Create source' }).click();
    await page.getByRole('link', { name: 'Open backups' }).click();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Extracted fields').fill('title: body.(');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Extracted fields').getAttribute('aria-invalid')).toBe('true');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Extracted fields').fill('title: body.job');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('title: body.job').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
