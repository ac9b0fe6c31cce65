import { Webhook } from 'standardwebhooks';
import { accessibilityFaults, describeConsole, startConsole, type TestConsole } from '../support/console.ts';
import { type Sink, startSink } from '../support/sink.ts';

describeConsole('webhooks in the console', () => {
  let services: TestConsole;
  let sink: Sink;

  beforeAll(async () => {
    services = await startConsole();
    sink = await startSink();
  });
  afterAll(async () => {
    await services?.stop();
    await sink?.close();
  });

  test('made, tried, its secret shown once and rotated, disabled and deleted; the count is shown', async () => {
    const { page, close } = await services.open({ path: '/webhooks' });
    await page.getByText('0 of 10').waitFor();
    await page.getByRole('link', { name: 'New webhook' }).click();
    await page.getByLabel('URL').fill('http://10.0.0.1/');
    await page.getByRole('button', { name: 'Create webhook' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('URL').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('URL').fill(sink.url);
    await page.getByRole('button', { name: 'Create webhook' }).click();
    const secret = async () => (await page.getByText(/^whsec_/).textContent()) ?? '';
    const first = await secret();
    await page.getByRole('button', { name: 'Send test event' }).click();
    await page.getByText(/^Answered 204 after/).waitFor();
    const { body, headers } = sink.requests.at(-1) as (typeof sink.requests)[number];
    expect(new Webhook(first).verify(body.toString(), headers as Record<string, string>)).toBeTruthy();

    await page.getByRole('link', { name: /^Open / }).click();
    await page.getByText('no trigger yet').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.getByText(/^whsec_/).count()).toBe(0);
    await page.getByRole('button', { name: 'Rotate the secret' }).click();
    await page.getByLabel('The secret of now').selectOption({ label: 'counts for another hour' });
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate the secret' }).click();
    await page.getByText('with the secret before this one as well until').waitFor();
    const second = await secret();
    expect(second).not.toBe(first);

    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Name').fill('alerts');
    await page.getByLabel('Description').fill('of the shop');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { name: 'alerts' }).waitFor();
    await page.getByText('of the shop').waitFor();
    // Another server knows nothing of the secret: it gets one of its own.
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('URL').fill(sink.url.replace('127.0.0.1', 'localhost'));
    await page.getByText('This is another server').waitFor();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('heading', { name: 'alerts is saved' }).waitFor();
    expect([first, second]).not.toContain(await secret());
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Open alerts' }).click();
    await page.getByRole('button', { name: 'Disable' }).click();
    await page.getByText('disabled', { exact: true }).waitFor();

    await page.goto(`${services.url}/webhooks`);
    await page.getByText('1 of 10').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.locator('tbody a').first().click();
    const name = 'alerts';
    await page.getByRole('heading', { name }).waitFor();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete …' }).click();
    await page.getByLabel(`Type ${name} to confirm`).fill(name);
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `Delete ${name}` })
      .click();
    await page.getByText('0 of 10').waitFor();
    await close();
  });
});
