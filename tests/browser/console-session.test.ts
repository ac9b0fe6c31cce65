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
import { until } from '../support/until.ts';

const describeConsole = describeBrowser === describe ? describeWithServices : describeBrowser;

describeConsole('a session in the console', () => {
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

  test('the first login: a wrong password is refused in words, the right one leads to the page that was asked for', async () => {
    const { page, complaints } = await openConsole(browser, app.url, { path: '/events?type=issues.opened' });
    await page.getByLabel('E-mail').fill(pocketbase.email);
    await page.getByLabel('Password').fill('not this one');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').getByText('Neither an operator nor a user').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    await logIn(page, pocketbase);
    await page.getByText('No event fits these filters').waitFor();
    expect(page.url()).toBe(`${app.url}/events?type=issues.opened`);
    // No script can read it.
    expect(
      await page.evaluate('document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)'),
    ).not.toMatch(/ph_|[0-9a-f]{32}/);
    await page.reload();
    await page.getByText('No event fits these filters').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('when it ends the login stands over the page, which keeps what was typed', async () => {
    const { page, complaints } = await openConsole(browser, app.url, { path: '/events' });
    await logIn(page, pocketbase);
    const edit = async () => {
      await page.getByRole('button', { name: 'Filter', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Correlation id' }).click();
    };
    await edit();
    await page.getByRole('textbox', { name: 'Correlation id' }).fill('half of what I wan');
    await page.context().clearCookies();
    const login = page.getByRole('dialog', { name: 'Your session has ended' });
    // Somebody comes back to the window: what has been there for two seconds is read anew.
    await until('the login', async () => {
      await page.evaluate('document.dispatchEvent(new Event("visibilitychange", { bubbles: true }))');
      return (await login.isVisible()) || undefined;
    });
    await login.getByLabel('Password').fill(pocketbase.password);
    await login.getByRole('button', { name: 'Log in' }).click();
    await login.waitFor({ state: 'detached' });
    await edit();
    expect(await page.getByRole('textbox', { name: 'Correlation id' }).inputValue()).toBe('half of what I wan');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('a one-time link sets the password of a new user and logs them in; it counts once', async () => {
    const post = async (path: string, body: object, token = '') => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const response = await fetch(`${app.url}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await response.json()) as { token: string; link: string };
    };
    const { token } = await post('/session', { email: pocketbase.email, password: pocketbase.password });
    const listed = await fetch(`${app.url}/api/v1/accounts`, { headers: { authorization: `Bearer ${token}` } });
    const [first] = ((await listed.json()) as { data: { id: string }[] }).data;
    const { link } = await post('/users', { email: 'ann@example.com', role: 'viewer', account: first?.id }, token);
    const path = link.slice(new URL(link).origin.length);
    const { page, complaints } = await openConsole(browser, app.url, { path });
    await page.getByLabel('Choose a password').fill('short');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('alert').waitFor();
    expect(page.url()).toBe(`${app.url}/welcome`);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Choose a password').fill('a long password of my own');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('button', { name: 'ann@example.com' }).waitFor();
    await page.goto(`${app.url}/destinations`);
    await page.getByRole('heading', { name: 'Destinations' }).waitFor();
    // A viewer looks only.
    expect(await page.getByRole('link', { name: 'New destination' }).count()).toBe(0);

    const again = await openConsole(browser, app.url, { path });
    await again.page.getByLabel('Choose a password').fill('another long password');
    await again.page.getByRole('button', { name: 'Set the password' }).click();
    await again.page.getByRole('alert').waitFor();
    expect(complaints).toEqual([]);
    await page.close();
    await again.page.close();
  });

  test('logging out ends it for good', async () => {
    const { page, complaints } = await openConsole(browser, app.url, { path: '/events' });
    await logIn(page, pocketbase);
    await page.getByRole('button', { name: pocketbase.email }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    await page.goto(`${app.url}/events`);
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });

  test.each([
    ['light', 1600],
    ['dark', 1600],
    ['light', 390],
    ['dark', 390],
  ])('axe finds nothing serious, %s, %d px wide; nothing is wider than the window', async (theme, width) => {
    const { page, complaints } = await openConsole(browser, app.url, {
      path: '/events',
      width,
      dark: theme === 'dark',
    });
    await logIn(page, pocketbase);
    await page.getByText('Waiting for the first event').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('? lists the keys, g e leads to the events, Ctrl K finds a page', async () => {
    const { page, complaints } = await openConsole(browser, app.url, { path: '/deliveries' });
    await logIn(page, pocketbase);
    await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
    await page.keyboard.press('?');
    const keys = page.getByRole('dialog', { name: 'Keys' });
    await keys.getByText('Go to events').waitFor();
    await page.keyboard.press('Escape');
    await keys.waitFor({ state: 'detached' });
    await page.keyboard.press('g');
    await page.keyboard.press('e');
    await page.getByRole('heading', { name: 'Events' }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search' }).fill('deliv');
    await page.getByRole('option', { name: /Deliveries/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
    expect(complaints).toEqual([]);
    await page.close();
  });
});
