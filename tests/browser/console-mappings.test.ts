import type { Browser } from 'playwright-core';
import { describeBrowser, launchBrowser } from '../support/browser.ts';
import { accessibilityFaults, logIn, openConsole } from '../support/console.ts';
import {
  describeWithServices,
  startApp,
  startPocketBase,
  type TestApp,
  type TestPocketBase,
} from '../support/services.ts';
import { type Sink, startSink } from '../support/sink.ts';

const describeConsole = describeBrowser === describe ? describeWithServices : describeBrowser;

describeConsole('the editor of mappings', () => {
  let pocketbase: TestPocketBase;
  let app: TestApp;
  let browser: Browser;
  let sink: Sink;
  let mapping: string;

  async function post(path: string, body: object, token = ''): Promise<{ id: string; token: string }> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const response = await fetch(app.url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(response.ok).toBe(true);
    return (await response.json()) as { id: string; token: string };
  }

  const issue = (action: string) => ({ action, issue: { title: `Issue ${action}` }, sender: { login: 'ann' } });

  beforeAll(async () => {
    pocketbase = await startPocketBase();
    app = await startApp(pocketbase);
    browser = await launchBrowser();
    sink = await startSink();
    const { email, password } = pocketbase;
    const { token } = await post('/api/v1/session', { email, password });
    const source = await post('/api/v1/sources', { name: 'issues', event_type: 'body.action' }, token);
    const destination = await post('/api/v1/destinations', { name: 'sink', type: 'http', url: sink.url }, token);
    const ends = { source: source.id, destination: destination.id };
    mapping = (await post('/api/v1/mappings', { name: 'all issues', ...ends }, token)).id;
    await post('/ingest/issues', issue('closed'));
    await post('/ingest/issues', issue('opened'));
    await sink.waitFor(2);
  });
  afterAll(async () => {
    await browser?.close();
    await app?.stop();
    await pocketbase?.stop();
    await sink?.close();
  });

  test('an edit is completed from a real event, tried, compared with the newest events, saved, and in force', async () => {
    const { page, complaints } = await openConsole(browser, app.url, { path: '/mappings' });
    await logIn(page, pocketbase);
    await page.getByRole('link', { name: 'all issues' }).click();
    await page.getByText('would be sent').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);

    const filter = page.getByRole('textbox', { name: 'Filter' });
    await filter.click();
    await page.keyboard.type('body.act');
    await page.getByRole('option', { name: 'body.action' }).waitFor();
    // CodeMirror takes no Enter in the first moment after the offer appeared, so that typing goes on undisturbed.
    await page.getByRole('option', { name: 'body.action' }).click();
    await page.keyboard.type(' == ');
    await page.getByText('error in filter').waitFor();
    await page.keyboard.type('"opened"');
    await page.getByText('would be sent').waitFor();

    await page.getByLabel('Body', { exact: true }).selectOption({ label: 'JSON with {{ expressions }}' });
    await page.getByRole('textbox', { name: 'Template' }).click();
    await page.keyboard.insertText('{"content": ');
    await page.getByText('This is no JSON yet').waitFor();
    await page.getByRole('textbox', { name: 'Template' }).click();
    await page.keyboard.press('Control+End');
    await page.keyboard.insertText('"{{ body.sender.login }} opened {{ body.issue.title }}"}');
    await page.getByText('ann opened Issue opened').first().waitFor();

    await page.getByRole('button', { name: 'Try on the last 500 events' }).click();
    await page.getByText('2 of 2 events would change').waitFor();
    await page.getByText('would be sent no more').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('all issues is saved, and in force').waitFor();

    await post('/ingest/issues', issue('closed'));
    await post('/ingest/issues', issue('opened'));
    const [, , third] = await sink.waitFor(3);
    expect(JSON.parse(third?.body.toString() ?? '')).toEqual({ content: 'ann opened Issue opened' });
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('an event that was filtered out says by which part, at 390 px in the dark too', async () => {
    const { page, complaints } = await openConsole(browser, app.url, {
      path: `/mappings/${mapping}`,
      width: 390,
      dark: true,
    });
    await logIn(page, pocketbase);
    await page.getByRole('textbox', { name: 'Filter' }).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('body.action == "never"');
    await page.getByText('This part of the filter was false').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    expect(complaints).toEqual([]);
    await page.close();
  });
});
