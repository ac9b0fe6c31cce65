import { randomBytes } from 'node:crypto';
import {
  describeWithServices,
  startApp,
  startPocketBase,
  type TestApp,
  type TestPocketBase,
} from '../support/services.ts';
import { type Run, runCli } from '../unit/cli/support.ts';

describeWithServices('keys, secrets and migrations from the command line', () => {
  let pocketbase: TestPocketBase;
  let api: TestApp;

  beforeAll(async () => {
    pocketbase = await startPocketBase();
    api = await startApp(pocketbase);
  });
  afterAll(async () => {
    await api?.stop();
    await pocketbase?.stop();
  });

  function cli(...args: string[]): Promise<Run> {
    const { email, password } = pocketbase;
    const env = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: email, POCKETBASE_ADMIN_PASSWORD: password };
    return runCli([...args, '--url', api.url], { env });
  }
  const withKey = (key: string, ...args: string[]) =>
    runCli([...args, '--url', api.url], { env: { POCKETHOOK_TOKEN: key } });

  test('a key is printed once, works in place of a login, is listed and revoked', async () => {
    const made = await cli('keys', 'create', 'ci', '--expires', '90d');
    expect(made).toMatchObject({ exitCode: 0, err: expect.stringContaining('shown once') });
    expect(made.out).toMatch(/^phk_[\w-]{43}\n$/);
    const key = made.out.trim();

    const list = await withKey(key, 'keys', 'ls');
    expect(list).toMatchObject({ exitCode: 0, err: '' });
    expect(list.out).toMatch(/ci +operator +\S+ ?\S* +in 89d +phk_\S{8}/);
    expect(list.out).not.toContain(key);

    const viewer = (
      await withKey(key, 'keys', 'create', 'look', '--role', 'viewer', '--account', 'default')
    ).out.trim();
    expect((await withKey(viewer, 'events', 'ls')).exitCode).toBe(0);
    expect(await withKey(viewer, 'migrate', 'status')).toMatchObject({ exitCode: 1, out: '' });

    expect(await cli('keys', 'revoke', 'look')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('is refused from now on'),
    });
    expect(await cli('keys', 'revoke', 'look')).toMatchObject({ exitCode: 3 });
  });

  test.each([
    [['keys', 'create', 'x', '--role', 'owner'], 2, /Allowed choices are operator, admin, viewer/],
    [['keys', 'create', 'x', '--role', 'admin'], 2, /account/],
    [['keys', 'create', 'x', '--role', 'admin', '--account', 'nobody'], 3, /no account "nobody"/],
    [['keys', 'create', 'x', '--expires', 'soon'], 2, /"soon" is no time/],
  ])('%j exits %d', async (args, exitCode, text) => {
    const run = await cli(...args);
    expect(run).toMatchObject({ exitCode, out: '' });
    expect(run.err).toMatch(text);
  });

  test('people and accounts', async () => {
    expect(await cli('accounts', 'create', 'acme')).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('is made'),
    });
    expect((await cli('accounts', 'rename', 'acme', 'acme inc')).exitCode).toBe(0);
    expect((await cli('accounts', 'ls')).out).toMatch(/default +\w{15}\nacme inc +\w{15}\n/);

    const made = await cli('users', 'add', 'ada@example.com', '--role', 'admin', '--account', 'acme inc');
    expect(made).toMatchObject({ exitCode: 0, err: expect.stringContaining('sets the password once') });
    expect(made.out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/welcome#[\w-]{43}\n$/);
    const again = await cli('users', 'link', 'ADA@example.com');
    expect([again.exitCode, again.out === made.out]).toEqual([0, false]);
    expect((await cli('users', 'ls', '--account', 'acme inc')).out).toMatch(/ada@example\.com +admin +has a link/);
    expect((await cli('users', 'ls', '--account', 'default')).out).toBe('');
    expect((await cli('users', 'set', 'ada@example.com')).exitCode).toBe(2);
    expect((await cli('users', 'set', 'ada@example.com', '--role', 'viewer', '--name', 'Ada')).out).toContain(
      'is viewer',
    );
    expect((await cli('users', 'deactivate', 'ada@example.com')).out).toContain('have ended');
    expect((await cli('users', 'ls', '--account', 'acme inc')).out).toMatch(/viewer +deactivated/);
    expect((await cli('users', 'activate', 'ada@example.com')).exitCode).toBe(0);
    expect((await cli('users', 'remove', 'ada@example.com', '--yes')).exitCode).toBe(0);
    expect(await cli('users', 'link', 'ada@example.com')).toMatchObject({ exitCode: 3 });
  });

  test('rotation says that older keys can go', async () => {
    const run = await cli('secrets', 'rotate');
    expect(run).toMatchObject({ exitCode: 0, err: expect.stringContaining('Older keys can leave ENCRYPTION_KEYS') });
    expect(run.out).toMatch(/anew with the first key \(\w+\): 0\. Already were: \d+\./);
  });

  test('rotation is refused to a service that lacks the first key', async () => {
    const older = randomBytes(32).toString('base64');
    const rotated = await startPocketBase({
      env: { ENCRYPTION_KEYS: `${randomBytes(32).toString('base64')},${older}` },
    });
    const stale = await startApp(rotated, { encryptionKeys: older });
    const { email, password } = rotated;
    const env = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: email, POCKETBASE_ADMIN_PASSWORD: password };
    const refused = await runCli(['secrets', 'rotate', '--url', stale.url], { env });
    expect(refused).toMatchObject({ exitCode: 1, out: '', err: expect.stringContaining('the same ENCRYPTION_KEYS') });
    await stale.stop();
    await rotated.stop();
  });

  test('migrations are listed; one that the store does not have is pending, with exit code 1', async () => {
    const run = await cli('migrate', 'status');
    expect(run).toMatchObject({ exitCode: 0, err: '' });
    expect(run.out).toMatch(/1795431613_audit\.js +applied/);
    const newer = await startApp(pocketbase, { schema: '9999999999_future.js' });
    const { email, password } = pocketbase;
    const env = { POCKETHOOK_TOKEN: '', POCKETBASE_ADMIN_EMAIL: email, POCKETBASE_ADMIN_PASSWORD: password };
    const pending = await runCli(['migrate', 'status', '--url', newer.url], { env });
    expect(pending.exitCode).toBe(1);
    expect(pending.out).toMatch(/9999999999_future\.js +pending/);
    expect(pending.err).toContain('1 are pending');
    await newer.stop();
  });
});
