import { accessibilityFaults, describeConsole, isTooWide, startConsole, type TestConsole } from '../support/console.ts';
import { type Sink, startSink } from '../support/sink.ts';

describeConsole('the editor of mappings', () => {
  let services: TestConsole;
  let sink: Sink;
  let mapping: string;

  const issue = (action: string) => ({ action, issue: { title: `Issue ${action}` }, sender: { login: 'ann' } });

  beforeAll(async () => {
    services = await startConsole();
    sink = await startSink();
    const { api, ingest } = services;
    const source = await api('POST', '/sources', { name: 'issues', event_type: 'body.action' });
    const destination = await api('POST', '/destinations', { name: 'sink', type: 'http', url: sink.url });
    const ends = { source: source.id, destination: destination.id };
    mapping = (await api('POST', '/mappings', { name: 'all issues', ...ends })).id;
    await ingest('issues', issue('closed'));
    await ingest('issues', issue('opened'));
    await sink.waitFor(2);
  });
  afterAll(async () => {
    await services?.stop();
    await sink?.close();
  });

  test('an edit is completed from a real event, tried, compared with the newest events, saved, and in force', async () => {
    const { page, close } = await services.open({ path: '/mappings' });
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

    await services.ingest('issues', issue('closed'));
    await services.ingest('issues', issue('opened'));
    const [, , third] = await sink.waitFor(3);
    expect(JSON.parse(third?.body.toString() ?? '')).toEqual({ content: 'ann opened Issue opened' });
    await close();
  });

  test('an event that was filtered out says by which part, at 390 px in the dark too', async () => {
    const { page, close } = await services.open({ path: `/mappings/${mapping}`, width: 390, dark: true });
    await page.getByRole('textbox', { name: 'Filter' }).click();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText('body.action == "never"');
    await page.getByText('This part of the filter was false').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await close();
  });
});
