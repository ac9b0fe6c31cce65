import type { Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { accessibilityFaults, describeConsole, isTooWide, startConsole, type TestConsole } from '../support/console.ts';
import { type Sink, startSink } from '../support/sink.ts';

describeConsole('destinations in the console', () => {
  let services: TestConsole;
  let failing: Sink;
  let working: Sink;

  beforeAll(async () => {
    services = await startConsole();
    failing = await startSink({ respond: (_, response) => response.writeHead(500).end('{"error":"database away"}') });
    working = await startSink();
    await services.api('POST', '/destinations', { name: 'inbox', type: 'inbox' });
  });
  afterAll(async () => {
    await services?.stop();
    await failing?.close();
    await working?.close();
  });

  const secretOn = async (page: Page) => (await page.getByText(/^whsec_/).textContent()) ?? '';

  test('made, tried, mended, its secret rotated, paused and deleted', async () => {
    const { page, close } = await services.open({ path: '/destinations' });
    await page.getByRole('link', { name: 'New destination' }).click();
    await page.getByLabel('Name').fill('billing');
    await page.getByLabel('URL').fill('gopher://example.com');
    await page.getByRole('button', { name: 'Create destination' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('URL').getAttribute('aria-invalid')).toBe('true');
    expect(await accessibilityFaults(page)).toEqual([]);

    await page.getByLabel('URL').fill(`${failing.url}/hooks`);
    await page.getByRole('button', { name: 'Create destination' }).click();
    await page.getByRole('heading', { name: 'billing is ready' }).waitFor();
    expect(await secretOn(page)).toMatch(/^whsec_/);
    await page.getByRole('button', { name: 'Send test event' }).click();
    await page.getByText(/^Answered 500 after/).waitFor();

    await page.getByRole('link', { name: 'Open billing' }).click();
    await page.getByText('Nothing went to it yet').waitFor();
    expect(await page.getByText(/^whsec_/).count()).toBe(0);
    await page.getByRole('button', { name: 'Rotate the secret' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate the secret' }).click();
    const secret = await secretOn(page);

    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('URL').fill(`${failing.url}/other`);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('/other').waitFor();
    await page.getByRole('button', { name: 'Send test event' }).click();
    await page.getByText(/^Answered 500 after/).waitFor();
    const { body, headers } = failing.requests.at(-1) as (typeof failing.requests)[number];
    expect(new Webhook(secret).verify(body.toString(), headers as Record<string, string>)).toBeTruthy();

    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('paused', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('healthy', { exact: true }).waitFor();

    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    const remove = page.getByRole('dialog').getByRole('button', { name: 'Delete billing' });
    expect(await remove.isDisabled()).toBe(true);
    await page.getByLabel('Type billing to confirm').fill('billing');
    await remove.click();
    await page.getByRole('heading', { name: 'Destinations' }).waitFor();
    await page.getByRole('link', { name: 'billing' }).waitFor({ state: 'detached' });
    await close();
  });

  test('a server of another host asks for a secret anew, and says why', async () => {
    const { page, close } = await services.open({ path: '/destinations/new' });
    await page.getByLabel('Name').fill('moved');
    await page.getByLabel('URL').fill(failing.url);
    await page.getByRole('button', { name: 'Create destination' }).click();
    await page.getByRole('link', { name: 'Open moved' }).click();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('URL').fill(working.url);
    await page.getByText('asks for its headers and secrets anew').waitFor();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Make a new signing secret').check();
    await page.getByRole('button', { name: 'Save changes' }).click();
    const secret = await secretOn(page);
    await page.getByRole('link', { name: 'Open moved' }).click();
    await page.getByRole('button', { name: 'Send test event' }).click();
    await page.getByText(/^Answered 204 after/).waitFor();
    const { body, headers } = working.requests.at(-1) as (typeof working.requests)[number];
    expect(new Webhook(secret).verify(body.toString(), headers as Record<string, string>)).toBeTruthy();
    await close();
  });

  test.each([
    ['light', 1600],
    ['dark', 390],
  ])('axe finds nothing serious, %s, %d px wide; nothing is wider than the window', async (theme, width) => {
    const { page, close } = await services.open({
      path: '/destinations',
      width,
      dark: theme === 'dark',
    });
    for (const open of [
      () => page.getByRole('link', { name: 'inbox' }).waitFor(),
      () => page.getByRole('link', { name: 'inbox' }).click(),
      () => page.goto(`${services.url}/destinations/new`),
    ]) {
      await open();
      await page.locator('#main h1').waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await isTooWide(page)).toBe(false);
    }
    await close();
  });
});
