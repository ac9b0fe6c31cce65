import { Webhook } from 'standardwebhooks';
import { accessibilityFaults, describeConsole, isTooWide, startConsole, type TestConsole } from '../support/console.ts';
import { startFakePlausible } from '../support/fake-plausible.ts';
import { superuser } from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';

const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

const SLOT_MS = 300_000;

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
    await page.getByText('It would have told 0 times in the last 30 days.').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await page.getByRole('button', { name: 'Create trigger' }).click();
    await page.getByText('50 visitors or more in 5m').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await close();
  });

  /** 20 visitors in each 5 minutes of the last 20 hours, and three crowds of 300. */
  async function haveBeenCounted(site: string): Promise<void> {
    const pb = await superuser(services.pocketbase);
    const now = Math.floor(Date.now() / SLOT_MS);
    for (let slot = now - 240; slot < now; slot++) {
      const value = [40, 120, 200].includes(now - slot) ? 300 : 20;
      const body = { slot, items: [{ site, window_s: 300, value }] };
      await pb.send('/api/pockethook/values/save', { method: 'POST', body });
    }
  }

  test('a trigger’s threshold is found on the chart of its site; it, a goal and the site are edited', async () => {
    const { id: site } = await services.api('POST', '/sites', { domain: 'chart.example', timezone: 'UTC' });
    await haveBeenCounted(site);
    const spike = { name: 'crowd', site, type: 'visitor_spike', threshold: 100, cooldown: '1h' };
    const { id: trigger } = await services.api('POST', '/triggers', spike);
    const { id: goal } = await services.api('POST', '/goals', { name: 'Thanks', site, page_path: '/thanks' });

    const { page, close } = await services.open({ path: `/triggers/${trigger}` });
    await page.getByText('It has nobody to tell').waitFor();
    await page.getByText('It would have told 3 times in the last 30 days.').waitFor();
    await page.getByRole('figure', { name: /visitors: between 20 and 300, 20 at last; it tells from 100/ }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('From', { exact: true }).fill('10');
    await page.getByRole('figure', { name: /it tells from 10$/ }).waitFor();
    await page.getByText('It would have told once in the last 30 days.').waitFor();
    const suggested = page.getByRole('button', { name: /^Use \d+$/ });
    const value = ((await suggested.textContent()) ?? '').slice('Use '.length);
    await suggested.click();
    expect(await page.getByLabel('From', { exact: true }).inputValue()).toBe(value);
    await page.getByLabel(/\(http\)/).check();
    await page.getByText('How sure, and how often').click();
    await page.getByLabel('Cool-down').fill('a while');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Cool-down').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Cool-down').fill('30m');
    await page.getByLabel('Tell again while it goes on').selectOption({ label: 'every hour' });
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText(`${value} visitors or more in 5m`).waitFor();
    expect(await services.api('GET', `/triggers/${trigger}`)).toMatchObject({
      ...{ threshold: Number(value), cooldown: '30m', repeat: 'hourly', readings: 0, name: 'crowd' },
    });

    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.waitForURL(/\/events\/[a-z0-9]{15}$/);
    await page.getByRole('heading', { name: 'visitor.spike' }).waitFor();

    await page.goto(`${services.url}/goals/${goal}`);
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Completed by').selectOption({ label: 'a custom event' });
    await page.getByLabel('Event name').fill('Thanks');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Nobody is told when it is completed.').waitFor();
    expect(await services.api('GET', `/goals/${goal}`)).toMatchObject({ event_name: 'Thanks', page_path: '' });
    await page.getByRole('link', { name: 'chart.example' }).click();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Time zone').fill('Asia/Kathmandu');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('Waiting for the first hit').waitFor();
    expect(await services.api('GET', `/sites/${site}`)).toMatchObject({ timezone: 'Asia/Kathmandu' });
    await close();
  });

  test('of a site at Plausible it says how it is read, and why not', async () => {
    const plausible = await startFakePlausible(Date.now);
    plausible.addSite('elsewhere.example', { timezone: 'UTC' });
    for (let hours = 1; hours < 40; hours++)
      plausible.event('elsewhere.example', `ada ${hours}`, { at: Date.now() - hours * 3_600_000 });
    const { page, close } = await services.open({ path: '/sites/new' });
    await page.getByLabel('Domain').fill('elsewhere.example');
    await page.getByLabel('Counted by').selectOption({ label: 'Plausible, which is asked' });
    await page.getByLabel('URL of Plausible').fill(plausible.url);
    await page.getByLabel('Key of its Stats API').fill('no-such-key');
    await page.getByRole('button', { name: 'Create site' }).click();
    await page.getByRole('alert').getByText('Plausible can’t be read: key refused').waitFor();
    await page.getByText('not read', { exact: true }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('Key of its Stats API').fill(plausible.key);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('counting', { exact: true }).waitFor();
    await page.getByRole('figure', { name: /^Visitors in 5m/ }).waitFor();
    await close();
    await plausible.close();
  });
});
