import { describeConsole, startConsole, type TestConsole } from '../support/console.ts';
import { type Dashboard, openDashboard } from '../support/dashboard.ts';
import { until } from '../support/until.ts';

describeConsole('an edit in the dashboard, seen from the console', () => {
  let services: TestConsole;
  let dashboard: Dashboard;

  beforeAll(async () => {
    services = await startConsole();
    const { api } = services;
    const source = await api('POST', '/sources', { name: 'orders', verification: 'none' });
    const destination = await api('POST', '/destinations', { name: 'ledger', type: 'inbox' });
    const rule = { source: source.id, destination: destination.id, filter: 'body.paid == true' };
    await api('POST', '/mappings', { name: 'paid orders', ...rule });
    dashboard = await openDashboard(services.browser, services.pocketbase);
  });
  afterAll(() => services?.stop());

  test('a broken expression is refused with its message; a right one is in force, and stands in the console and its audit', async () => {
    const { page, open, form, field, write, saved } = dashboard;
    await open('mappings');
    await page.locator('tr', { hasText: 'paid orders' }).click();
    await write('filter', 'body.paid ==');
    await form().getByRole('button', { name: 'Save changes' }).click();
    await field('filter')
      .getByText(/ends too early/)
      .waitFor();
    const before = await services.ingest('orders', { paid: false });
    expect(await services.api('GET', `/events/${before}`)).toMatchObject({ decisions: [{ outcome: 'filtered' }] });

    await write('filter', 'body.paid == false');
    await form().getByRole('button', { name: 'Save changes' }).click();
    await saved();
    const event = await until('the new filter to be in force', async () => {
      const id = await services.ingest('orders', { paid: false });
      const { decisions } = await services.api('GET', `/events/${id}`);
      return decisions[0].outcome === 'delivery' ? id : undefined;
    });
    const console = await services.open({ path: `/events/${event}` });
    await console.page.getByText('sent', { exact: true }).first().waitFor();
    await console.page.goto(`${services.url}/mappings`);
    await console.page.getByRole('link', { name: 'paid orders' }).click();
    await console.page.getByText('body.paid == false').first().waitFor();
    await console.page.goto(`${services.url}/settings/audit`);
    await console.page.getByRole('link', { name: 'mapping.update' }).first().waitFor();
    await console.close();
    expect(dashboard.complaints).toEqual([]);
  });
});
