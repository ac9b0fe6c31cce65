import type { Page } from 'playwright-core';
import {
  accessibilityFaults,
  type ConsolePage,
  describeConsole,
  isTooWide,
  startConsole,
  type TestConsole,
} from '../support/console.ts';
import { type Sink, startSink } from '../support/sink.ts';

const EVENTS = 30;

describeConsole('replays in the console', () => {
  let services: TestConsole;
  let sink: Sink;
  let window: ConsolePage;
  let page: Page;

  beforeAll(async () => {
    services = await startConsole();
    sink = await startSink();
    const { api, ingest } = services;
    const source = await api('POST', '/sources', { name: 'shop', event_type: 'body.type' });
    const destination = await api('POST', '/destinations', { name: 'billing', type: 'http', url: sink.url });
    const ends = { source: source.id, destination: destination.id };
    await api('POST', '/mappings', { name: 'paid to billing', ...ends, filter: 'body.type == "paid"' });
    for (let number = 1; number < EVENTS; number++) await ingest('shop', { type: 'paid', number });
    await ingest('shop', { type: 'seen' });
    await sink.waitFor(EVENTS - 1);
    window = await services.open({ path: '/events' });
    ({ page } = window);
  });
  afterAll(async () => {
    await services?.stop();
    await sink?.close();
  });
  afterEach(() => expect(window.complaints).toEqual([]));

  test('all events of a source again: counted first, then with its progress until it is done', async () => {
    await page.goto(`${services.url}/replays`);
    await page.getByText('No replay yet').waitFor();
    await page.goto(`${services.url}/events`);
    await page.getByRole('link', { name: 'Replay all …' }).click();
    await page.getByText('29 deliveries', { exact: true }).waitFor();
    await page.getByText('of 30 events').waitFor();
    await page.getByText('went nowhere when they came in').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Deliveries a second').fill('10');
    await page.getByRole('button', { name: 'Replay 29 deliveries' }).click();

    await page.getByRole('heading', { name: 'Replay', exact: true }).waitFor();
    // While it runs it says how far it is.
    await page.getByText('running', { exact: true }).waitFor();
    await page.getByRole('progressbar', { name: /^\d+ of 30 events$/ }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByText('completed', { exact: true }).waitFor();
    await page.getByText('30 of 30 events').waitFor();
    await page.getByText('29 deliveries', { exact: true }).waitFor();
    await sink.waitFor(2 * (EVENTS - 1));

    await page.getByRole('button', { name: 'See of which events nothing was made, and why' }).click();
    await page.getByText('went nowhere when they came in').waitFor();
    await page.getByRole('link', { name: 'Those that it made' }).click();
    await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
    await page.locator('tr[data-row]').nth(28).waitFor();
    expect(await page.locator('tr[data-row]').count()).toBe(29);
  });

  test('one that runs is paused, resumed and cancelled; what it made goes out', async () => {
    await page.goto(`${services.url}/replays/new`);
    await page.getByLabel('Deliveries a second').fill('1');
    await page.getByRole('button', { name: 'Replay 29 deliveries' }).click();
    await page.getByText('running', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('paused', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('running', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Cancel …' }).click();
    await page.getByRole('button', { name: 'Cancel the replay' }).click();
    await page.getByText('cancelled', { exact: true }).waitFor();
    await page.goto(`${services.url}/replays`);
    await page.locator('tr[data-row]').nth(1).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('what is wrong stands at its field, and events that are chosen are replayed as well', async () => {
    await page.goto(`${services.url}/replays/new`);
    await page.getByLabel('Received from').fill('2020-01-01T00:00');
    await page.getByLabel('Until').fill('2021-01-01T00:00');
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Until').getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('button', { name: 'Replay', exact: true }).isDisabled()).toBe(true);

    await page.goto(`${services.url}/events?type=paid`);
    await page.locator('tr[data-row]').nth(1).waitFor();
    await page.locator('tr[data-row]').nth(0).getByRole('checkbox').check();
    await page.locator('tr[data-row]').nth(1).getByRole('checkbox').check();
    const before = sink.requests.length;
    await page.getByRole('button', { name: "Replay 2 by today's rules" }).click();
    await page.getByText("2 replayed by today's rules").waitFor();
    await sink.waitFor(before + 2);
  });

  test('on a phone, in the dark', async () => {
    const phone = await services.open({ path: '/replays/new', width: 390, dark: true });
    await phone.page.getByText('29 deliveries', { exact: true }).waitFor();
    expect(await accessibilityFaults(phone.page)).toEqual([]);
    expect(await isTooWide(phone.page)).toBe(false);
    await phone.close();
  });
});
