import { describeWithServices, startApp } from '../support/services.ts';
import { until } from '../support/until.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** Addresses are what the header says, as behind a proxy. */
describeWithServices('while somebody tries passwords', () => {
  let workspace: Workspace;
  beforeAll(async () => {
    workspace = await openWorkspace({ config: { trustProxy: 1 } });
  });
  afterAll(() => workspace.stop());

  const logIn = (address: string, email: string, password: string, url = workspace.app.url) =>
    fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({ email, password }),
    });

  test('an operator logs in, events go on, and a service that starts is ready', async () => {
    const { email, password } = workspace.pocketbase;
    const { source } = await workspace.route({ destination: { type: 'inbox' } });
    const answers: number[] = [];
    let going = true;
    const spray = (async () => {
      for (let n = 0; going; n++)
        answers.push((await logIn('198.51.100.1', `random-${n}@example.com`, 'Passw0rd!')).status);
    })();
    await until('a refusal', () => answers.includes(429) || undefined);
    expect((await logIn('192.0.2.1', email, password)).status).toBe(200);
    expect((await workspace.ingest(source, '{}')).status).toBe(202);
    const newcomer = await startApp(workspace.pocketbase, { config: { trustProxy: 1 } });
    expect((await logIn('192.0.2.1', email, password, newcomer.url)).status).toBe(200);
    expect(newcomer.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
    await newcomer.stop();
    going = false;
    await spray;
    expect(answers.indexOf(429)).toBe(20);
    expect(new Set(answers)).toEqual(new Set([401, 429]));
  });

  test('more logins at once than are tried: to come again, not "unavailable"', async () => {
    const { email, password } = workspace.pocketbase;
    const many = Array.from({ length: 400 }, (_, n) => logIn(`203.0.113.${n % 250}`, `random-${n}@example.com`, 'x'));
    const answers = await Promise.all(many);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.headers.get('retry-after')).toBe('2');
    expect(await refused[0]?.json()).toMatchObject({ code: 'too_many_requests' });
    await until('a login', async () => (await logIn('192.0.2.1', email, password)).status === 200 || undefined);
  });
});
