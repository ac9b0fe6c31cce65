import { Webhook } from 'standardwebhooks';
import { accessibilityFaults, describeConsole, isTooWide, startConsole, type TestConsole } from '../support/console.ts';
import { type Sink, startSink } from '../support/sink.ts';

const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

describeConsole('sites in the console', () => {
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

  test('a site waits for its first hit; a goal and a trigger are made; what was told is in the webhook’s history', async () => {
    const { page, close } = await services.open({ path: '/webhooks/new' });
    await page.getByLabel('URL').fill(sink.url);
    await page.getByRole('button', { name: 'Create webhook' }).click();
    const secret = (await page.getByText(/^whsec_/).textContent()) ?? '';

    await page.goto(`${services.url}/sites`);
    await page.getByText('No site yet').waitFor();
    await page.getByRole('link', { name: 'New site' }).click();
    await page.getByLabel('Domain').fill('example.com');
    await page.getByLabel('Time zone').fill('Mars/Olympus');
    await page.getByRole('button', { name: 'Create site' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Time zone').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Time zone').fill('Europe/Berlin');
    await page.getByRole('button', { name: 'Create site' }).click();
    await page.getByText('Waiting for the first hit').waitFor();
    await page.getByText('data-domain="example.com"').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    const site = page.url();

    await page.getByRole('link', { name: 'New goal' }).click();
    await page.getByLabel('Name').fill('Thanks');
    await page.getByLabel('Path').fill('/thanks');
    await page.getByRole('button', { name: 'Create goal' }).click();
    await page.getByRole('link', { name: 'New trigger' }).click();
    await page.getByLabel('Name').fill('sales');
    await page.getByLabel('Tell of').selectOption({ label: 'a goal that is completed' });
    await page.getByLabel('Goal').selectOption({ label: 'Thanks' });
    await page.getByLabel(/\(http\)/).check();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create trigger' }).click();
    await page.getByRole('heading', { name: 'sales' }).waitFor();
    await page.getByText('completions of a goal').waitFor();
    // What is completed before the evaluator has seen the trigger is told to nobody.
    await page.getByText('armed', { exact: true }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    const hit = { name: 'pageview', url: 'https://example.com/thanks', domain: 'example.com' };
    const headers = { 'content-type': 'application/json', 'user-agent': USER_AGENT };
    const answer = await fetch(`${services.url}/api/event`, { method: 'POST', headers, body: JSON.stringify(hit) });
    expect(answer.headers.get('x-plausible-dropped')).toBeNull();
    const [told] = await sink.waitFor(1);
    const payload = new Webhook(secret).verify(
      told?.body.toString() ?? '',
      told?.headers as Record<string, string>,
    ) as { type: string };
    expect(payload.type).toBe('goal.completed');

    await page.goto(site);
    await page.getByText('counting', { exact: true }).waitFor();
    await page.goto(`${services.url}/webhooks`);
    await page.locator('tbody a').first().click();
    await page.getByText('delivered', { exact: true }).waitFor();
    await close();
  });

  test('the backtest of a spike says that nothing was counted yet, at 390 px in the dark', async () => {
    const { page, close } = await services.open({ path: '/sites/new', width: 390, dark: true });
    await page.getByLabel('Domain').fill('other.example');
    await page.getByRole('button', { name: 'Create site' }).click();
    await page.getByRole('link', { name: 'New trigger' }).click();
    await page.getByLabel('Name').fill('launch');
    await page.getByLabel('From', { exact: true }).fill('50');
    await page.getByRole('button', { name: 'Try on the last 30 days' }).click();
    await page.getByText('It would have told 0 times.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await page.getByRole('button', { name: 'Create trigger' }).click();
    await page.getByText('50 visitors or more in 5m').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await close();
  });
});
