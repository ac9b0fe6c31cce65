import type { Browser, Page } from 'playwright-core';
import type PocketBase from 'pocketbase';
import { describeBrowser, launchBrowser } from '../support/browser.ts';
import { type Dashboard, openDashboard } from '../support/dashboard.ts';
import { describeWithServices, startPocketBase, superuser, type TestPocketBase } from '../support/pocketbase.ts';

const describeDashboard = describeBrowser === describe ? describeWithServices : describeBrowser;

describeDashboard('the dashboard, as an operator meets it', () => {
  let pocketbase: TestPocketBase;
  let browser: Browser;
  let pb: PocketBase;
  let page: Page;
  let dashboard: Dashboard;

  beforeAll(async () => {
    pocketbase = await startPocketBase();
    pb = await superuser(pocketbase);
    browser = await launchBrowser();
    dashboard = await openDashboard(browser, pocketbase);
    ({ page } = dashboard);
  });

  afterAll(async () => {
    await browser?.close();
    await pocketbase?.stop();
  });
  beforeEach(() => dashboard.restart());
  afterEach(() => expect(dashboard.complaints).toEqual([]));

  const form = () => dashboard.form();
  const field = (name: string) => dashboard.field(name);
  const write = (name: string, text: string) => dashboard.write(name, text);
  const saved = () => dashboard.saved();
  const open = (collection: string) => dashboard.open(collection);
  const choose = async (name: string, option: string) => {
    await field(name).locator('.field').first().click();
    await field(name).locator('.dropdown').getByText(option, { exact: true }).click();
  };
  const pick = async (name: string, record: string) => {
    await field(name).getByText('Open records picker').click();
    const picker = page.locator('.modal').last();
    await picker.locator('.list-item', { hasText: record }).click();
    await picker.getByRole('button', { name: 'Set selection' }).click();
  };
  const create = () => form().getByRole('button', { name: 'Create' }).click();
  async function newRecord(collection: string) {
    await open(collection);
    await page.getByRole('button', { name: 'New record' }).first().click();
    await form().getByRole('button', { name: 'Create' }).waitFor();
  }
  const stored = (collection: string, name: string) =>
    pb.collection(collection).getFirstListItem(pb.filter('name = {:name}', { name }));

  test('lists what is worked with first, and what nobody needs last', async () => {
    const names = await page.locator('.nav-group-regular-collections .nav-item .txt').allTextContents();
    expect(names.slice(0, 5)).toEqual(['sources', 'destinations', 'mappings', 'events', 'deliveries']);
    expect(names.slice(-3)).toEqual(['destination_health', 'event_bodies', 'meta']);
  });

  test('offers no new record of what Pockethook writes by itself', async () => {
    const offered = page.getByRole('button', { name: 'New record' });
    for (const collection of ['deliveries', 'events']) {
      await open(collection);
      await page.getByText('No records found.').waitFor();
      expect(await offered.filter({ visible: true }).count()).toBe(0);
    }
    await open('mappings');
    await offered.first().waitFor();
  });

  test('a new source is on, gets its secret, and says what to write', async () => {
    await newRecord('sources');
    await write('name', 'shop');
    expect(await field('enabled').locator('input').isChecked()).toBe(true);
    await field('name').getByText('/ingest/NAME').waitFor();
    await choose('verification', 'github');
    await form().getByText('It was made for this record.').waitFor();
    const [secret] = JSON.parse((await field('secrets').locator('.editor-content').textContent()) ?? '');
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    await create();
    await saved();
    expect(await stored('sources', 'shop')).toMatchObject({
      enabled: true,
      verification: 'github',
      secrets: [`••••${secret.slice(-4)}`],
      max_body_bytes: 5 * 1024 * 1024,
    });
  });

  test.each([
    ['standard-webhooks', /^whsec_/],
    ['basic', /^pockethook:/],
    ['stripe', null],
    ['none', null],
  ])('with verification %s chosen after another, the secret follows', async (scheme, form_) => {
    await newRecord('sources');
    await choose('verification', 'bearer');
    await choose('verification', scheme);
    const shown = JSON.parse((await field('secrets').locator('.editor-content').textContent()) ?? '');
    expect(shown).toEqual(form_ && [expect.stringMatching(form_)]);
  });

  test('a preset fills in how its vendor is verified, and makes the secret where that is ours to do', async () => {
    await newRecord('sources');
    await write('name', 'meetings');
    await choose('preset', 'calendly');
    await form().getByText('It was made for this record.').waitFor();
    const options = await field('verification_options').locator('.editor-content').textContent();
    expect(JSON.parse(options ?? '')).toMatchObject({ header: 'calendly-webhook-signature', field: 'v1' });
    await create();
    await saved();
    expect(await stored('sources', 'meetings')).toMatchObject({
      preset: 'calendly',
      verification: 'hmac',
      verification_options: { timestamp: 'field.t' },
      secrets: [expect.stringMatching(/^••••/)],
    });
  });

  test('a new destination is on and signs; a name that is taken is refused at its field', async () => {
    await newRecord('destinations');
    await write('name', 'alerts');
    await write('url', 'https://example.com/hooks');
    await create();
    await saved();
    const made = await stored('destinations', 'alerts');
    expect(made).toMatchObject({ type: 'http', enabled: true, max_concurrency: 64, timeout_ms: 15_000 });
    expect(made.secrets).toEqual([expect.stringMatching(/^••••/)]);

    await newRecord('destinations');
    await write('name', 'alerts');
    await write('url', 'https://example.com/others');
    await create();
    await field('name').getByText('is the name of another destination', { exact: false }).waitFor();
  });

  test('a destination without a URL says so in the list', async () => {
    await pb.collection('destinations').create({ name: 'chat', type: 'discord' });
    await open('sources');
    await open('destinations');
    await page.locator('tr', { hasText: 'chat' }).getByText('no URL yet').waitFor();
  });

  test('a new mapping: a filter that can not work is refused at its field, a text needs no quotes', async () => {
    await pb.collection('sources').create({ name: 'producer', verification: 'none' });
    await pb.collection('destinations').create({ name: 'receiver', type: 'inbox' });
    await newRecord('mappings');
    await write('name', 'producer → receiver');
    await pick('source', 'producer');
    await pick('destination', 'receiver');
    await write('filter', '"abc"');
    const text = 'New: {{ body.title }}\nby {{ body.author }}';
    await write('template', text);
    await create();
    await field('filter').getByText('A filter must come to true or false').waitFor();
    await write('filter', 'body.action == "opened"');
    await create();
    await saved();
    const made = await stored('mappings', 'producer → receiver');
    expect(made).toMatchObject({ enabled: true, filter: 'body.action == "opened"', template: text });

    // As it was written; saved again with another field, it stays.
    await open('mappings');
    await page.locator('tr', { hasText: 'producer → receiver' }).click();
    const template = field('template').locator('.editor-content');
    await template.filter({ hasText: 'New: {{' }).waitFor();
    expect(await template.textContent()).toBe(text);
    await write('content_type', 'text/markdown');
    await form().getByRole('button', { name: 'Save changes' }).click();
    await saved();
    expect(await stored('mappings', 'producer → receiver')).toMatchObject({
      template: text,
      content_type: 'text/markdown',
    });
  });

  test.each(['accounts', 'users', 'api_keys', 'sources', 'destinations', 'mappings'])(
    'every field of %s that people fill in has a help text, which the form shows',
    async (collection) => {
      const { fields } = await pb.collections.getOne(collection);
      const ofPeople = fields.filter(({ name, type }) => name !== 'id' && name !== 'tokenKey' && type !== 'autodate');
      expect(ofPeople.filter(({ help }) => !help).map(({ name }) => name)).toEqual([]);
      await newRecord(collection);
      const shown = ofPeople.filter(({ name }) => name !== 'emailVisibility');
      for (const { help } of shown) await form().getByText(help, { exact: true }).first().waitFor();
    },
  );

  test('browsers ask for the extension again after an upgrade', async () => {
    const answer = await fetch(`${pocketbase.url}/_/extensions.js`);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-cache']);
  });
});
