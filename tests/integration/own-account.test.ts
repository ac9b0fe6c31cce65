import { randomBytes } from 'node:crypto';
import PocketBase from 'pocketbase';
import { describeWithServices, launchApp, startApp, superuser, type TestApp } from '../support/services.ts';
import { until } from '../support/until.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

const newKey = () => randomBytes(32).toString('base64');

describeWithServices('the service and the operators', () => {
  let workspace: Workspace;
  let source: string;
  beforeAll(async () => {
    workspace = await openWorkspace();
    ({ source } = await workspace.route({ destination: { type: 'inbox' } }));
  });
  afterAll(() => workspace.stop());

  const ingest = (app: TestApp) => fetch(`${app.url}/ingest/${source}`, { method: 'POST', body: '{}' });
  const session = (body: object) =>
    fetch(`${workspace.app.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test("an operator's password is the operator's: nothing stops, and no start changes it back", async () => {
    const { pb, pocketbase } = workspace;
    const { email } = pocketbase;
    const password = 'chosen in the dashboard';
    const { id } = await pb.collection('_superusers').getFirstListItem(pb.filter('email = {:email}', { email }));
    await pb.collection('_superusers').update(id, { password, passwordConfirm: password });
    expect((await ingest(workspace.app)).status).toBe(202);

    const { pid } = pocketbase;
    process.kill(pid as number, 'SIGKILL');
    await until('a restart', () => pocketbase.pid !== pid || undefined);
    const changed = { ...pocketbase, url: pocketbase.url, password } as typeof pocketbase;
    workspace.pb = await until('a login', () => superuser(changed).catch(() => undefined));
    await expect(superuser(pocketbase)).rejects.toThrow('Failed to authenticate');
    await until('an accepted event', async () => (await ingest(workspace.app)).status === 202 || undefined);

    const newcomer = await startApp(pocketbase);
    expect((await ingest(newcomer)).status).toBe(202);
    await newcomer.stop();
    expect((await session({ email, password })).status).toBe(200);
    expect((await session({ email, password: pocketbase.password })).status).toBe(401);
  });

  test('the service is not among the operators, and their last one stays', async () => {
    const { items } = await workspace.pb.collection('_superusers').getList();
    expect(items.map(({ email }) => email)).toEqual([workspace.pocketbase.email]);
    await expect(workspace.pb.collection('_superusers').delete(items[0]?.id as string)).rejects.toThrow(
      'only existing',
    );
  });

  test('keys rotate in any order: one key in common is enough', async () => {
    const { encryptionKeys } = workspace.pocketbase;
    const app = await startApp(workspace.pocketbase, { encryptionKeys: `${newKey()},${encryptionKeys}` });
    expect((await ingest(app)).status).toBe(202);
    await app.stop();
  });

  test('no key in common: it says so once, in the log and in /readyz, and producers come again', async () => {
    const app = await launchApp(workspace.pocketbase, { encryptionKeys: newKey() });
    try {
      const readyz = async () => (await fetch(`${app.url}/readyz`)).json() as Promise<{ checks: { store: string } }>;
      for (let n = 0; n < 3; n++) {
        expect((await readyz()).checks.store).toMatch(/does not accept this service: ENCRYPTION_KEYS/);
        await fetch(`${app.url}/metrics`);
        const refused = await ingest(app);
        expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
      }
      await until('a second try', () => app.lines.some(({ again_in_ms }) => Number(again_in_ms) > 0) || undefined);
      const told = app.lines.filter(({ message }) => message === 'PocketBase does not accept this service');
      expect(told).toEqual([
        { level: 'error', message: told[0]?.message, error: expect.stringContaining('no key in common') },
      ]);
    } finally {
      await app.stop();
    }
  });

  test('who guesses passwords at PocketBase itself does not hold up a service that starts', async () => {
    const stranger = new PocketBase(workspace.pocketbase.url);
    const guess = () =>
      stranger
        .collection('_superusers')
        .authWithPassword('nobody@example.com', 'guess')
        .catch(({ status }) => status);
    while ((await guess()) !== 429);
    const app = await startApp(workspace.pocketbase);
    expect(app.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
    expect((await ingest(app)).status).toBe(202);
    await app.stop();
  });
});
