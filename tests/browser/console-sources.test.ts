import { sign } from '@octokit/webhooks-methods';
import { accessibilityFaults, describeConsole, isTooWide, startConsole, type TestConsole } from '../support/console.ts';

describeConsole('sources in the console', () => {
  let services: TestConsole;

  beforeAll(async () => {
    services = await startConsole();
  });
  afterAll(async () => {
    await services?.stop();
  });

  const BODY = JSON.stringify({ action: 'opened', issue: { title: 'It breaks' }, sender: { login: 'ann' } });

  async function deliverAsGitHub(secret: string): Promise<number> {
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': crypto.randomUUID(),
      'x-hub-signature-256': await sign(secret, BODY),
    };
    return (await fetch(`${services.url}/ingest/github`, { method: 'POST', headers, body: BODY })).status;
  }

  test('made for GitHub it waits for the first event, shows it when it comes, and what it refused', async () => {
    const { page, close } = await services.open({ path: '/sources' });
    await page.getByText('No source yet').waitFor();
    await page.getByRole('link', { name: 'New source' }).click();
    await page.getByRole('link', { name: 'Cancel' }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Events come from').selectOption({ label: 'GitHub' });
    expect(await page.getByLabel('Name').inputValue()).toBe('github');
    await page.getByLabel('Name').fill('Git Hub');
    await page.getByRole('button', { name: 'Create source' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Name').fill('github');
    await page.getByRole('button', { name: 'Create source' }).click();

    await page.getByRole('heading', { name: 'github is ready' }).waitFor();
    await page.getByText('Waiting for the first event').waitFor();
    const secret = (await page.locator('p:has-text("Copy the secret now") + div code').textContent()) ?? '';
    expect(await deliverAsGitHub('another secret')).toBe(401);
    expect(await deliverAsGitHub(secret)).toBe(202);
    await page.getByRole('link', { name: 'issues.opened' }).waitFor();

    await page.getByRole('link', { name: 'Open github' }).click();
    await page.getByText('signature_mismatch').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText('paused', { exact: true }).waitFor();
    expect(await deliverAsGitHub(secret)).toBe(503);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('open', { exact: true }).waitFor();
    expect(await deliverAsGitHub(secret)).toBe(202);
    await close();
  });

  test('an expression that is wrong is refused at its field, with where; a right one is kept', async () => {
    const { page, close } = await services.open({ path: '/sources/new', width: 390, dark: true });
    await page.getByLabel('Name').fill('backups');
    await page.getByRole('button', { name: 'Create source' }).click();
    await page.getByRole('link', { name: 'Open backups' }).click();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByText('What is read of an event').click();
    await page.getByLabel('Extracted fields').fill('title: body.(');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Extracted fields').getAttribute('aria-invalid')).toBe('true');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByLabel('Extracted fields').fill('title: body.job');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('title: body.job').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await isTooWide(page)).toBe(false);
    await close();
  });

  test('everything that a source can be told: proof, answer, limits; a second secret while the first is rotated out', async () => {
    const { page, close } = await services.open({ path: '/sources/new' });
    await page.getByLabel('Name').fill('till');
    await page.getByLabel('Requests are proved by').selectOption({ label: 'A signature with a shared secret (HMAC)' });
    await page.getByLabel('Header', { exact: true }).fill('x-signature');
    await page.getByLabel('Text before it').fill('sha256=');
    await page.getByLabel('Secret', { exact: true }).fill('first secret');
    await page.getByText('What producers are answered').click();
    await page.getByLabel('When an event is stored').selectOption({ label: 'an answer of its own' });
    await page.getByLabel('Status').fill('500');
    await page.getByLabel('Content type').fill('text/plain');
    await page.getByLabel('Body', { exact: true }).fill('thanks for {{ body.n }}');
    await page.getByText('Limits, and what is kept').click();
    await page.getByLabel('Events a second').fill('1000');
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Create source' }).click();
    await page.getByRole('alert').waitFor();
    expect(await page.getByLabel('Status').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Status').fill('201');
    await page.getByRole('button', { name: 'Create source' }).click();
    await page.getByRole('heading', { name: 'till is ready' }).waitFor();
    const post = async (secret: string) => {
      const body = '{"n":7}';
      const headers = { 'content-type': 'application/json', 'x-signature': await sign(secret, body) };
      const response = await fetch(`${services.url}/ingest/till`, { method: 'POST', headers, body });
      return [response.status, await response.text()];
    };
    expect(await post('first secret')).toEqual([201, 'thanks for 7']);
    expect((await post('second secret'))[0]).toBe(401);

    await page.getByRole('link', { name: 'Open till' }).click();
    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByLabel('New secret').fill('second secret');
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('header: x-signature').waitFor();
    expect(await post('first secret')).toEqual([201, 'thanks for 7']);
    expect(await post('second secret')).toEqual([201, 'thanks for 7']);

    await page.getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('button', { name: 'Take away' }).nth(1).click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('header: x-signature').waitFor();
    expect((await post('first secret'))[0]).toBe(401);
    expect(await post('second secret')).toEqual([201, 'thanks for 7']);
    await close();
  });

  test('who saves a field that somebody else has changed sees theirs first, and keeps one; other fields go together', async () => {
    const { id } = await services.api('POST', '/sources', { name: 'shared' });
    const rate = async () => (await services.api('GET', `/sources/${id}`)).rate_limit;
    const { page, close } = await services.open({ path: `/sources/${id}/edit` });
    const change = async (limit: string) => {
      await page.getByText('Limits, and what is kept').click();
      await page.getByLabel('Events a second').fill(limit);
    };
    const conflict = page.getByRole('alert').filter({ hasText: 'Somebody changed this meanwhile' });

    await change('9');
    await services.api('PATCH', `/sources/${id}`, { rate_limit: 7 });
    await page.getByRole('button', { name: 'Save changes' }).click();
    await conflict.getByText('rate limit').waitFor();
    expect(await rate()).toBe(7);
    expect(await accessibilityFaults(page)).toEqual([]);
    await conflict.getByRole('button', { name: 'Take theirs' }).click();
    await conflict.waitFor({ state: 'detached' });
    expect(await page.getByLabel('Events a second').inputValue()).toBe('7');

    await page.getByLabel('Events a second').fill('11');
    await services.api('PATCH', `/sources/${id}`, { rate_limit: 8 });
    await page.getByRole('button', { name: 'Save changes' }).click();
    await conflict.getByRole('button', { name: 'Keep mine' }).click();
    await page.getByText('11 a second').waitFor();

    await page.getByRole('link', { name: 'Edit' }).click();
    await change('12');
    await services.api('PATCH', `/sources/${id}`, { dedupe_key: 'body.id' });
    await page.getByRole('button', { name: 'Save changes' }).click();
    await page.getByText('12 a second').waitFor();
    expect((await services.api('GET', `/sources/${id}`)).dedupe_key).toBe('body.id');
    await close();
  });

  test('a secret that a handshake brings is waited for, shown once, and then the source is open', async () => {
    const { page, close } = await services.open({ path: '/sources/new' });
    await page.getByLabel('Events come from').selectOption({ label: 'Notion' });
    await page.getByRole('button', { name: 'Create source' }).click();
    await page.getByText('Waiting for the handshake').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Open notion' }).click();
    await page.getByText('waits for its handshake').waitFor();
    const token = `secret_${crypto.randomUUID()}`;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ verification_token: token });
    expect((await fetch(`${services.url}/ingest/notion`, { method: 'POST', headers, body })).status).toBe(200);
    await page.getByRole('button', { name: 'Show the secret once' }).click();
    await page.getByText(token, { exact: true }).waitFor();
    await page.getByText('open', { exact: true }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.reload();
    await page.getByText(`••••${token.slice(-4)}`).waitFor();
    expect(await page.getByText('Show the secret once').count()).toBe(0);
    await close();
  });
});
