import {
  accessibilityFaults,
  describeConsole,
  isTooWide,
  logIn,
  startConsole,
  type TestConsole,
} from '../support/console.ts';
import { until } from '../support/until.ts';

describeConsole('a session in the console', () => {
  let services: TestConsole;

  beforeAll(async () => {
    services = await startConsole();
  });
  afterAll(async () => {
    await services?.stop();
  });

  test('the first login: a wrong password is refused in words, the right one leads to the page that was asked for', async () => {
    const { page, close } = await services.visit({ path: '/events?type=issues.opened' });
    await page.getByLabel('E-mail').fill(services.pocketbase.email);
    await page.getByLabel('Password').fill('not this one');
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('alert').getByText('Neither an operator nor a user').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    await logIn(page, services.pocketbase);
    await page.getByText('No event fits these filters').waitFor();
    expect(page.url()).toBe(`${services.url}/events?type=issues.opened`);
    // No script can read it.
    expect(
      await page.evaluate('document.cookie + JSON.stringify(localStorage) + JSON.stringify(sessionStorage)'),
    ).not.toMatch(/ph_|[0-9a-f]{32}/);
    await page.reload();
    await page.getByText('No event fits these filters').waitFor();
    await close();
  });

  test('when it ends the login stands over the page, which keeps what was typed', async () => {
    const { page, close } = await services.open({ path: '/events' });
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
    await login.getByLabel('Password').fill(services.pocketbase.password);
    await login.getByRole('button', { name: 'Log in' }).click();
    await login.waitFor({ state: 'detached' });
    await edit();
    expect(await page.getByRole('textbox', { name: 'Correlation id' }).inputValue()).toBe('half of what I wan');
    await close();
  });

  test('a one-time link sets the password of a new user and logs them in; it counts once', async () => {
    const { data } = await services.api('GET', '/accounts');
    const user = { email: 'ann@example.com', role: 'viewer', account: data[0].id };
    const { link } = await services.api('POST', '/users', user);
    const path = link.slice(new URL(link).origin.length);
    const { page, close } = await services.visit({ path });
    await page.getByLabel('Choose a password').fill('short');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('alert').waitFor();
    expect(page.url()).toBe(`${services.url}/welcome`);
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Choose a password').fill('a long password of my own');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('button', { name: 'ann@example.com' }).waitFor();
    await page.goto(`${services.url}/destinations`);
    await page.getByRole('heading', { name: 'Destinations' }).waitFor();
    // A viewer looks only.
    expect(await page.getByRole('link', { name: 'New destination' }).count()).toBe(0);

    const again = await services.visit({ path });
    await again.page.getByLabel('Choose a password').fill('another long password');
    await again.page.getByRole('button', { name: 'Set the password' }).click();
    await again.page.getByRole('alert').waitFor();
    await close();
    await again.page.close();
  });

  test('logging out ends it for good', async () => {
    const { page, close } = await services.open({ path: '/events' });
    await page.getByRole('button', { name: services.pocketbase.email }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    await page.goto(`${services.url}/events`);
    await page.getByRole('button', { name: 'Log in' }).waitFor();
    await close();
  });

  test.each([
    ['light', 1600],
    ['dark', 1600],
    ['light', 390],
    ['dark', 390],
  ])('axe finds nothing serious, %s, %d px wide; nothing is wider than the window', async (theme, width) => {
    const { page, close } = await services.open({
      path: '/events',
      width,
      dark: theme === 'dark',
    });
    await page.getByText('Waiting for the first event').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await close();
  });

  test('? lists the keys, g e leads to the events, Ctrl K finds a page', async () => {
    const { page, close } = await services.open({ path: '/deliveries' });
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
    await close();
  });

  test('filters stay while one is elsewhere; the entry of the page one is on shows all; Ctrl K finds words of events', async () => {
    await services.api('POST', '/sources', { name: 'shop', event_type: 'body.type', extract: { note: 'body.note' } });
    await services.ingest('shop', { type: 'paid', note: 'one crate of marzipan' });
    const { page, close } = await services.open({ path: '/events?type=paid' });
    await page.locator('tr[data-row]').waitFor();
    await page.getByRole('link', { name: 'Deliveries' }).click();
    await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
    await page.getByRole('link', { name: 'Events' }).click();
    await page.getByRole('heading', { name: 'Events' }).waitFor();
    expect(page.url()).toBe(`${services.url}/events?type=paid`);
    await page.getByRole('link', { name: 'Events' }).click();
    await page.getByText('All events').waitFor();
    expect(page.url()).toBe(`${services.url}/events`);

    const found = page.getByRole('option', { name: /^paid event/ });
    await page.keyboard.press('Control+k');
    // Words are found about a second after the event came.
    await until('what it found', async () => {
      await page.getByRole('combobox', { name: 'Search' }).fill('');
      await page.getByRole('combobox', { name: 'Search' }).fill('marzipan');
      await page.getByRole('option', { name: 'Events with marzipan' }).waitFor();
      return (await found.isVisible()) || undefined;
    });
    await found.click();
    await page.getByRole('heading', { name: 'paid', exact: true }).waitFor();
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Search' }).fill('marzipan');
    await page.getByRole('option', { name: 'Events with marzipan' }).click();
    await page.locator('tr[data-row]').waitFor();
    expect(page.url()).toBe(`${services.url}/events?q=marzipan`);
    await close();
  });
});
