import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../../../api/src/cli/settings.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pockethook-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function keepCredentials(text = '{"email":"kept@example.com","password":"kept","encryptionKeys":"k"}'): void {
  writeFileSync(join(folder, 'credentials.json'), text);
}

describe('the address', () => {
  it.each([
    [undefined, {}, 'http://127.0.0.1:8080'],
    [undefined, { PORT: '9000' }, 'http://127.0.0.1:9000'],
    [undefined, { POCKETHOOK_URL: 'https://hooks.example.com/', PORT: '9000' }, 'https://hooks.example.com'],
    ['http://localhost:1', { POCKETHOOK_URL: 'https://hooks.example.com' }, 'http://localhost:1'],
  ])('flag %s, environment %j: %s', (flag, env, url) => expect(readSettings(flag, env).url).toBe(url));

  it.each([
    ['localhost:8080', {}, 2, /^--url is "localhost:8080"/],
    ['ftp://a', {}, 2, /^--url/],
    [undefined, { POCKETHOOK_URL: 'hooks' }, 78, /^POCKETHOOK_URL is "hooks"/],
    ['http://me:hunter2@localhost', {}, 2, /^--url holds a user or a password(?!.*hunter2)/],
  ])('refuses flag %s, environment %j', (flag, env, exitCode, message) => {
    expect(() => readSettings(flag, env)).toThrow(
      expect.objectContaining({ exitCode, message: expect.stringMatching(message) }),
    );
  });
});

describe('credentials', () => {
  const authenticate = (env: Record<string, string>, url?: string) =>
    readSettings(url, { DATA_DIR: folder, ...env }).authenticate();

  it('a token comes first', () => {
    keepCredentials();
    const env = { POCKETHOOK_TOKEN: 't', POCKETBASE_ADMIN_EMAIL: 'a@b.c', POCKETBASE_ADMIN_PASSWORD: 'p' };
    expect(authenticate(env)).toMatchObject({ kind: 'token', token: 't' });
  });

  it('then those of the environment, also from files', () => {
    keepCredentials();
    writeFileSync(join(folder, 'password'), 'from a file\n');
    const env = { POCKETBASE_ADMIN_EMAIL: 'a@b.c', POCKETBASE_ADMIN_PASSWORD_FILE: join(folder, 'password') };
    expect(authenticate(env)).toMatchObject({ kind: 'password', email: 'a@b.c', password: 'from a file' });
  });

  it('then those of the data folder', () => {
    keepCredentials();
    expect(authenticate({})).toMatchObject({ email: 'kept@example.com', password: 'kept' });
  });

  it.each(['http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1'])('which are for %s', (url) => {
    keepCredentials();
    expect(authenticate({}, url)).toMatchObject({ kind: 'password' });
  });

  it('which are for each address of this machine, as with HOST', () => {
    keepCredentials();
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    for (const { address, family } of own.filter(({ scopeid }) => !scopeid))
      expect(authenticate({}, `http://${family === 'IPv6' ? `[${address}]` : address}:1`)).toMatchObject({
        kind: 'password',
      });
  });

  it.each(['https://hooks.example.com', 'http://127.0.0.1.example.com', 'http://192.0.2.1'])(
    'but not for %s',
    (url) => {
      keepCredentials();
      expect(() => authenticate({}, url)).toThrow(
        expect.objectContaining({ exitCode: 4, message: expect.stringContaining('set POCKETHOOK_TOKEN') }),
      );
    },
  );

  it('says what to do when there are none', () => {
    expect(() => authenticate({})).toThrow(
      expect.objectContaining({ exitCode: 4, message: expect.stringMatching(/does not exist.*DATA_DIR/) }),
    );
  });

  it.each([
    ['a broken file', () => keepCredentials('{"password":"hunter2'), {}],
    ['a missing file', () => {}, { POCKETBASE_ADMIN_EMAIL: 'a', POCKETBASE_ADMIN_PASSWORD_FILE: '/nowhere' }],
  ])('%s is a wrong configuration, told without its content', (_name, arrange, env) => {
    arrange();
    let fault: { exitCode?: number; message?: string } = {};
    try {
      authenticate(env);
    } catch (thrown) {
      fault = thrown as typeof fault;
    }
    expect(fault.exitCode).toBe(78);
    expect(fault.message).toMatch(/can't be read/);
    expect(fault.message).not.toContain('hunter2');
  });
});
