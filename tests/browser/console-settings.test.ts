import { accessibilityFaults, describeConsole, startConsole, type TestConsole } from '../support/console.ts';

describeConsole('settings in the console', () => {
  let services: TestConsole;

  beforeAll(async () => {
    services = await startConsole();
  });
  afterAll(async () => {
    await services?.stop();
  });

  test('a user is added, chooses a password by the link, changes it, and is deactivated; the audit tells it', async () => {
    const { page, close } = await services.open({ path: '/settings/users' });
    await page.getByRole('button', { name: 'Add a user' }).click();
    await page.getByLabel('E-mail').fill('ann@example.com');
    await page.getByRole('button', { name: 'Add the user' }).click();
    const link = (await page.getByRole('dialog').locator('code').textContent()) ?? '';
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByText('has an unused link').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    const ann = await services.visit({ path: link.slice(services.url.length), width: 390, dark: true });
    await ann.page.getByLabel('Choose a password').fill('the first password');
    await ann.page.getByRole('button', { name: 'Set the password' }).click();
    await ann.page.locator('#main').waitFor();
    await ann.page.goto(`${services.url}/settings`);
    await ann.page.getByText('You are ann@example.com').waitFor();
    // What a viewer may not see is not offered.
    expect(await ann.page.getByRole('link', { name: 'Audit' }).count()).toBe(0);
    await ann.page.getByLabel('Current password').fill('not this one');
    await ann.page.getByLabel('New password').fill('the second password');
    await ann.page.getByRole('button', { name: 'Change the password' }).click();
    await ann.page.getByRole('alert').waitFor();
    await ann.page.getByLabel('Current password').fill('the first password');
    await ann.page.getByRole('button', { name: 'Change the password' }).click();
    await ann.page.getByText('Your password is changed').waitFor();
    expect(await accessibilityFaults(ann.page)).toEqual([]);

    await page.reload();
    await page.getByText('active', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Acts on ann@example.com' }).click();
    await page.getByRole('menuitem', { name: 'Deactivate' }).click();
    await page.getByText('deactivated', { exact: true }).waitFor();
    await ann.page.reload();
    await ann.page.getByRole('button', { name: 'Log in' }).waitFor();

    await page.getByRole('link', { name: 'Audit' }).click();
    await page.getByRole('link', { name: 'user.update' }).first().waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'user.update' }).first().click();
    await page.getByRole('heading', { name: 'user.update' }).waitFor();
    await close();
    await ann.page.close();
  });

  test('an API key is shown once, works, and is revoked', async () => {
    const { page, close } = await services.open({ path: '/settings/keys' });
    await page.getByRole('button', { name: 'New API key' }).click();
    await page.getByLabel('What it is for').fill('deploys');
    await page.getByRole('button', { name: 'Make the key' }).click();
    const key = (await page.getByText(/^phk_.{43}$/).textContent()) ?? '';
    const use = async () =>
      (await fetch(`${services.url}/api/v1/sources`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect(await use()).toBe(200);
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('link', { name: 'deploys' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Revoke …' }).click();
    await page.getByRole('button', { name: 'Revoke deploys' }).click();
    await page.getByText('No API key yet').waitFor();
    expect(await use()).toBe(401);
    await close();
  });
});
