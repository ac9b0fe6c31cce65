import type { ServerResponse } from 'node:http';
import type { Page } from 'playwright-core';
import {
  accessibilityFaults,
  type ConsolePage,
  describeConsole,
  startConsole,
  type TestConsole,
} from '../support/console.ts';
import { type Sink, startSink } from '../support/sink.ts';

describeConsole('events and deliveries in the console', () => {
  let services: TestConsole;
  let sink: Sink;
  let billing: { id: string };
  let window: ConsolePage;
  let page: Page;

  beforeAll(async () => {
    services = await startConsole();
    const { api } = services;
    const source = await api('POST', '/sources', { name: 'shop', event_type: 'body.type' });
    sink = await startSink({ respond });
    const destination = (name: string, path: string) =>
      api('POST', '/destinations', { name, type: 'http', url: `${sink.url}${path}`, retry_schedule: ['0s'] });
    const mapping = (name: string, to: { id: string }, filter: string) =>
      api('POST', '/mappings', { name, source: source.id, destination: to.id, filter });
    billing = await destination('billing', '/away');
    await mapping('paid to billing', billing, 'body.type == "paid"');
    await mapping(
      'big to warehouse',
      await destination('warehouse', '/taken'),
      'body.type != "refunded" && body.amount > 100',
    );
    window = await services.open();
    ({ page } = window);
  });
  afterAll(async () => {
    await services?.stop();
    await sink?.close();
  });
  afterEach(() => expect(window.complaints).toEqual([]));

  function respond({ url }: { url: string }, response: ServerResponse) {
    if (url === '/away')
      response.writeHead(500, { 'content-type': 'application/json' }).end('{"error":"database away"}');
    else response.writeHead(200).end('thanks');
  }

  const post = (body: object) => services.ingest('shop', body);
  /** Where billing is delivered to from now on. */
  const move = (path: string) => services.api('PATCH', `/destinations/${billing.id}`, { url: sink.url + path });
  const row = (text: string) => page.locator('tr[data-row]', { hasText: text });

  test('an event appears by itself; at its side stands why it went where, clause by clause, with the values', async () => {
    await page.goto(`${services.url}/events`);
    await page.getByText('Waiting for the first event').waitFor();
    await post({ type: 'seen', amount: 7 });
    await row('seen').getByText('2 filtered out').waitFor();
    await row('seen').locator('td').nth(2).click();

    const side = page.getByRole('complementary');
    await side.getByText('filtered out').first().waitFor();
    const clause = side.getByRole('listitem').filter({ hasText: /^body\.amount > 100/ });
    await clause.getByText('is false').waitFor();
    await clause.getByText('body.amount = 7').waitFor();
    await side.getByText('"amount"').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(new URL(page.url()).searchParams.get('open')).toMatch(/^[a-z0-9]{15}$/);
    await page.keyboard.press('Escape');
    await side.waitFor({ state: 'detached' });
  });

  test('filters stand in the URL, and going to one leads to the same list', async () => {
    await post({ type: 'refunded' });
    await page.goto(`${services.url}/events`);
    await row('refunded').waitFor();
    await page.keyboard.press('/');
    await page.getByRole('menuitem', { name: 'Type' }).click();
    await page.getByRole('textbox', { name: 'Type' }).fill('refunded');
    await page.keyboard.press('Enter');
    await row('seen').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?type=refunded');
    await page.reload();
    await row('refunded').waitFor();
    expect(await row('seen').count()).toBe(0);
    await page.getByRole('button', { name: 'Remove of type refunded' }).click();
    await row('seen').waitFor();
  });

  test('j and k walk through the rows, Enter opens the page of one', async () => {
    await page.goto(`${services.url}/events`);
    await row('refunded').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: /^Event / }).waitFor();
    await page.getByRole('heading', { name: 'seen', exact: true }).waitFor();
  });

  test('the overview says what needs a hand, and leads there', async () => {
    await post({ type: 'paid', amount: 10 });
    await page.goto(services.url);
    await page.getByText('1 destination needs a hand').waitFor();
    const trouble = page.getByRole('listitem').filter({ hasText: 'billing' });
    await trouble.getByText(/in a row, since/).waitFor();
    await page
      .getByRole('figure', { name: /^Events, each minute/ })
      .locator('canvas')
      .waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    // The first page with all that it loads by and by, charts included, as it comes over the wire.
    const assets = `performance.getEntriesByType('resource').filter(({ name }) => name.includes('/assets/'))`;
    expect(await page.evaluate(`${assets}.length`)).toBeGreaterThan(3);
    expect(await page.evaluate(`${assets}.reduce((sum, each) => sum + each.encodedBodySize, 0)`)).toBeLessThanOrEqual(
      250_000,
    );
    await trouble.getByRole('link', { name: 'dead ones' }).click();
    await row('billing').first().waitFor();
    // Out of the way of the tests that count.
    await move('/taken');
    await services.api('POST', '/deliveries/retry', { state: 'dead' });
    await page.getByText('Nothing is dead').waitFor();
    await move('/away');
  });

  test('failing destination → why → URL mended → retry → delivered', async () => {
    await post({ type: 'paid', amount: 9 });
    await page.goto(`${services.url}/deliveries?state=dead`);
    await row('billing').locator('td').nth(3).click();
    const side = page.getByRole('complementary');
    await side.getByText('The destination answered 500 Internal Server Error.').first().waitFor();
    await side.getByText('database away').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    const delivery = new URL(page.url()).searchParams.get('open');
    await page.goto(`${services.url}/destinations/${billing.id}`);
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('URL').fill(`${sink.url}/taken`);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('/taken').first().waitFor();
    await page.goto(`${services.url}/deliveries?state=dead&open=${delivery}`);
    await side.getByRole('button', { name: 'Retry' }).click();
    await side.getByRole('heading', { name: 'delivered' }).waitFor();
    await side.getByText('2 attempts').waitFor();
    await side.getByText('thanks').waitFor();
  });

  test('what is held says by whom, and is let go', async () => {
    await services.api('POST', `/destinations/${billing.id}/pause`);
    await post({ type: 'paid', amount: 8 });
    await page.goto(`${services.url}/deliveries`);
    await page.getByRole('button', { name: 'held' }).click();
    await row('held').waitFor();
    await page.getByText('is paused').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Let them go' }).click();
    await page.getByText('1 delivery goes out').waitFor();
    await page.getByText('Nothing is held').waitFor();
  });

  test('many at once: those that are chosen, and all that fit the filters, counted first', async () => {
    await move('/away');
    for (const amount of [1, 2, 3]) await post({ type: 'paid', amount });
    await page.goto(`${services.url}/deliveries?state=dead`);
    await page.locator('tr[data-row]').nth(2).waitFor();
    await move('/taken');

    await page.locator('tr[data-row]').nth(0).getByRole('checkbox').check();
    await page.getByText('1 chosen').waitFor();
    await page.getByRole('button', { name: 'Retry 1 delivery' }).click();
    await page.getByText('1 retried').waitFor();

    await page.getByRole('button', { name: 'Retry all …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry all deliveries that are dead' });
    await dialog.getByText('2 to billing').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Retry 2 deliveries' }).click();
    await page.getByText('2 retried').waitFor();
    await page.getByText('Nothing is dead').waitFor();
  });

  test('a replay makes a new delivery', async () => {
    const id = await post({ type: 'paid', amount: 500 });
    await page.goto(`${services.url}/events/${id}`);
    await page.getByRole('button', { name: 'Replay' }).click();
    await page.getByRole('menuitem', { name: "By today's rules" }).click();
    await page.getByText('2 new deliveries').waitFor();
    await page
      .getByText(/^replay, .* later$/)
      .first()
      .waitFor();
  });

  test.each([
    ['/', 390],
    ['/events', 390],
    ['/deliveries', 390],
    ['/', 1600],
    ['/events', 1600],
    ['/deliveries', 1600],
  ])('%s fits a window of %d px, in the dark', async (path, width) => {
    const dark = await services.open({ path, width, dark: true });
    await dark.page.locator('tr[data-row], canvas').first().waitFor();
    expect(await accessibilityFaults(dark.page)).toEqual([]);
    expect(await dark.page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    await dark.close();
  });
});
