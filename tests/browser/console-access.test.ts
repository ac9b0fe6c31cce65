import { accessibilityFaults, describeConsole, logIn, startConsole, type TestConsole } from '../support/console.ts';
import { superuser } from '../support/services.ts';
import { until } from '../support/until.ts';

const PASSWORD = 'a password of some length';
const LISTS = ['events', 'deliveries', 'sources', 'mappings', 'destinations', 'sites', 'webhooks'] as const;
/** What only those see who may change something: verbs of buttons and links. */
const WRITES =
  /^(New|Create|Add|Edit|Save|Enable|Disable|Delete|Pause|Resume|Rotate|Revoke|Make|Send test|Retry|Cancel|Replay|Use \d|More)\b/;

describeConsole('who sees and changes what in the console', () => {
  let services: TestConsole;
  let shop: string;
  let press: string;
  /** Paths of one record of each kind, all of the shop. */
  let records: string[];

  beforeAll(async () => {
    services = await startConsole();
    const { api } = services;
    const pb = await superuser(services.pocketbase);
    [shop, press] = (await Promise.all(
      ['shop', 'press'].map(async (name) => (await pb.collection('accounts').create({ name })).id),
    )) as [string, string];
    const people = [
      { email: 'ann@shop.example', role: 'admin', account: shop },
      { email: 'eve@shop.example', role: 'viewer', account: shop },
      { email: 'bob@press.example', role: 'admin', account: press },
    ];
    for (const person of people)
      await pb.collection('users').create({ ...person, password: PASSWORD, passwordConfirm: PASSWORD, verified: true });

    const own = { account: shop };
    const source = await api('POST', '/sources', { ...own, name: 'orders', verification: 'none' });
    const destination = await api('POST', '/destinations', { ...own, name: 'ledger', type: 'inbox' });
    const mapping = await api('POST', '/mappings', {
      ...{ ...own, name: 'orders → ledger', source: source.id, destination: destination.id },
    });
    const webhook = await api('POST', '/webhooks', { ...own, url: 'http://127.0.0.1:9999/', name: 'alerts' });
    const site = await api('POST', '/sites', { ...own, domain: 'shop.example', timezone: 'UTC' });
    const goal = await api('POST', '/goals', { ...own, site: site.id, name: 'Sale', event_name: 'Sale' });
    const spike = { ...own, site: site.id, name: 'crowd', type: 'visitor_spike', threshold: 10 };
    const trigger = await api('POST', '/triggers', { ...spike, destinations: [webhook.id] });
    const event = await services.ingest('orders', { number: 1 });
    const { deliveries } = await until('the delivery', async () => {
      const read = await api('GET', `/events/${event}`);
      return read.deliveries?.[0]?.state === 'delivered' ? read : undefined;
    });
    records = [
      ...[`/events/${event}`, `/deliveries/${deliveries[0].id}`, `/sources/${source.id}`, `/mappings/${mapping.id}`],
      ...[`/destinations/${destination.id}`, `/webhooks/${webhook.id}`, `/sites/${site.id}`, `/goals/${goal.id}`],
      `/triggers/${trigger.id}`,
    ];
  });
  afterAll(() => services?.stop());

  /** A window of one person, who is logged in. */
  async function openAs(email: string) {
    const opened = await services.visit({ path: '/sources' });
    await logIn(opened.page, { email, password: PASSWORD });
    const { page } = opened;
    /** Resolves when nothing on the page is loading any more. */
    const go = async (path: string) => {
      await page.goto(services.url + path);
      await page.locator('#main h1').waitFor();
      await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' });
    };
    return { ...opened, go, rows: () => page.locator('#main tbody a').count() };
  }

  test('two accounts see nothing of each other, by lists, pages and search', async () => {
    const ann = await openAs('ann@shop.example');
    const bob = await openAs('bob@press.example');
    for (const list of LISTS) {
      await ann.go(`/${list}`);
      await ann.page.locator('#main tbody a').first().waitFor();
      await bob.go(`/${list}`);
      await bob.page.locator('#main h2').first().waitFor();
      expect([list, await bob.rows()]).toEqual([list, 0]);
    }
    for (const path of records) {
      await ann.go(path);
      expect([path, await ann.page.getByRole('alert').count()]).toEqual([path, 0]);
      await bob.go(path);
      await bob.page
        .getByRole('alert')
        .getByText(/There is no/)
        .waitFor();
    }
    await bob.go('/');
    await bob.page.getByText('nothing needs a hand').waitFor();
    await bob.page.getByText('Nothing came in this time').waitFor();
    await bob.page.keyboard.press('Control+k');
    await bob.page.getByRole('combobox', { name: 'Search' }).fill('ledger');
    await ann.page.keyboard.press('Control+k');
    await ann.page.getByRole('combobox', { name: 'Search' }).fill('ledger');
    await ann.page
      .getByRole('option', { name: /^ledger/ })
      .first()
      .waitFor();
    expect(await bob.page.getByRole('option', { name: /^ledger/ }).count()).toBe(0);
    await ann.close();
    await bob.close();
  });

  test('a viewer sees every page without anything to change it, and the API refuses as well', async () => {
    const { page, go, close } = await openAs('eve@shop.example');
    for (const path of ['/', ...LISTS.map((list) => `/${list}`), '/replays', ...records, '/settings']) {
      await go(path);
      const controls = await page.locator('#main').locator('button, a').allInnerTexts();
      // A live list can be stopped by anybody.
      const writes = controls.map((text) => text.trim()).filter((text) => WRITES.test(text) && text !== 'Pause');
      expect([path, writes]).toEqual([path, []]);
    }
    const forms = ['sources', 'destinations', 'mappings', 'sites', 'webhooks', 'replays'].map((kind) => `/${kind}/new`);
    const site = records.find((path) => path.startsWith('/sites/')) ?? '';
    const edits = ['sources', 'destinations', 'sites', 'goals', 'triggers', 'webhooks'].map(
      (kind) => `${records.find((path) => path.startsWith(`/${kind}/`))}/edit`,
    );
    const admins = ['/settings/users', '/settings/keys', '/settings/audit'];
    for (const path of [...forms, ...edits, `${site}/new-goal`, `${site}/new-trigger`, ...admins]) {
      await go(path);
      await page.getByText('You look, and change nothing').waitFor();
    }
    expect(await accessibilityFaults(page)).toEqual([]);
    const send = (method: string, path: string, body: object) =>
      page.evaluate(
        `fetch('/api/v1${path}', { method: '${method}', body: '${JSON.stringify(body)}', headers: { 'content-type': 'application/json', 'x-pockethook-csrf': '1' } }).then((response) => response.status)`,
      );
    for (const path of records.filter((one) => !/^\/(events|deliveries)/.test(one))) {
      expect([path, await send('PATCH', path, { enabled: false })]).toEqual([path, 403]);
      expect([path, await send('DELETE', path, {})]).toEqual([path, 403]);
    }
    expect(await send('POST', `${records[1]}/retry`, {})).toBe(403);
    await close();
  });

  test('an operator looks at all accounts, or at one, which stays while they go from page to page', async () => {
    const { page, close } = await services.open({ path: '/sources' });
    await page.getByRole('link', { name: 'orders' }).waitFor();
    const choose = async (account: string) => {
      await page.getByRole('button', { name: /^(All accounts|shop|press)$/ }).click();
      await page.getByRole('menuitem', { name: account, exact: true }).click();
    };
    await choose('press');
    await page.getByText('No source yet').waitFor();
    await page.getByRole('link', { name: 'Destinations', exact: true }).click();
    await page.getByText('No destination yet').waitFor();
    expect(new URL(page.url()).searchParams.get('account')).toBe(press);
    await page.reload();
    await page.getByText('No destination yet').waitFor();
    await choose('shop');
    await page.getByRole('link', { name: 'ledger' }).waitFor();
    expect(new URL(page.url()).searchParams.get('account')).toBe(shop);
    // What is made then is the account's.
    await page.goto(`${services.url}/sites/new?account=${press}`);
    await page.getByLabel('Domain').fill('press.example');
    await page.getByRole('button', { name: 'Create site' }).click();
    await page.getByText('Waiting for the first hit').waitFor();
    const { data } = await services.api('GET', '/sites');
    expect(data.find(({ domain }: { domain: string }) => domain === 'press.example')).toMatchObject({ account: press });
    await choose('All accounts');
    await page.getByRole('link', { name: 'Sites', exact: true }).click();
    await page.getByRole('link', { name: 'press.example' }).waitFor();
    await page.getByRole('link', { name: 'shop.example' }).waitFor();
    await close();
  });
});
