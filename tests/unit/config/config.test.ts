import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError, readConfig } from '../../../api/src/config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const GIVEN_STORE = {
  POCKETBASE_URL: 'https://store.example/',
  POCKETBASE_ADMIN_EMAIL: 'a@b.c',
  POCKETBASE_ADMIN_PASSWORD: 'a password',
  ENCRYPTION_KEYS: KEY,
};

function errorsOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (fault) {
    expect(fault).toBeInstanceOf(ConfigError);
    return (fault as Error).message;
  }
  return '';
}

test('an empty environment gives the defaults, frozen', () => {
  const config = readConfig({});
  expect(config).toEqual({
    host: '127.0.0.1',
    port: 8080,
    pocketbaseUrl: undefined,
    pocketbasePort: 8090,
    pocketbaseBin: undefined,
    dataDir: resolve('data'),
    cacheDir: join(homedir(), '.cache/pockethook'),
    adminEmail: undefined,
    adminPassword: undefined,
    publicUrl: undefined,
    encryptionKeys: undefined,
    acceptLostKeys: false,
    allowedPrivateNetworks: [],
    allowHttpDestinations: false,
    deliveryProxy: undefined,
    allowedPorts: ['80', '443', '1024-65535'],
    retrySchedule: undefined,
    logLevel: 'info',
    webConcurrency: 1,
    workerConcurrency: 256,
    trustProxy: false,
    retentionDays: 30,
    auditRetentionDays: 365,
  });
  expect(Object.isFrozen(config)).toBe(true);
});

test.each([
  ['PORT', '0', { port: 0 }],
  ['PORT', ' 9000 ', { port: 9000 }],
  ['HOST', '0.0.0.0', { host: '0.0.0.0' }],
  ['DATA_DIR', '/var/lib/pockethook', { dataDir: '/var/lib/pockethook' }],
  ['XDG_CACHE_HOME', '/cache', { cacheDir: '/cache/pockethook' }],
  ['ALLOWED_PRIVATE_NETWORKS', '10.0.0.0/8, fd00::/8', { allowedPrivateNetworks: ['10.0.0.0/8', 'fd00::/8'] }],
  ['ALLOWED_PRIVATE_NETWORKS', '', { allowedPrivateNetworks: [] }],
  ['DELIVERY_PROXY', 'http://user:pass@proxy.internal:3128', { deliveryProxy: 'http://user:pass@proxy.internal:3128' }],
  ['ALLOW_HTTP_DESTINATIONS', '1', { allowHttpDestinations: true }],
  ['ACCEPT_LOST_KEYS', 'true', { acceptLostKeys: true }],
  ['ALLOWED_PORTS', '443, 8000-8999', { allowedPorts: ['443', '8000-8999'] }],
  ['ALLOWED_PORTS', ' ', { allowedPorts: ['80', '443', '1024-65535'] }],
  ['RETRY_SCHEDULE', '0s, 500ms,2h', { retrySchedule: [0, 500, 7_200_000] }],
  ['ENCRYPTION_KEYS', `${KEY},${KEY}`, { encryptionKeys: `${KEY},${KEY}` }],
  ['PUBLIC_URL', 'https://hooks.example.com/', { publicUrl: 'https://hooks.example.com' }],
  ['TRUST_PROXY', 'false', { trustProxy: false }],
  ['TRUST_PROXY', '1', { trustProxy: 1 }],
  ['TRUST_PROXY', 'loopback, 10.1.2.3/8', { trustProxy: 'loopback, 10.1.2.3/8' }],
])('%s=%s', (name, value, expected) => {
  expect(readConfig({ [name]: value })).toMatchObject(expected);
});

test.each([
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '80a'],
  ['POCKETBASE_PORT', 'x'],
  ['POCKETBASE_URL', 'ftp://store'],
  ['PUBLIC_URL', 'hooks.example.com'],
  ['POCKETBASE_URL', 'store:8090'],
  ['ALLOWED_PRIVATE_NETWORKS', '10.0.0.0'],
  ['ALLOWED_PRIVATE_NETWORKS', '10.0.0.0/33'],
  ['ALLOWED_PRIVATE_NETWORKS', '10.0.0.0/8,'],
  ['ALLOW_HTTP_DESTINATIONS', 'yes'],
  ['ALLOWED_PORTS', '0'],
  ['ALLOWED_PORTS', '443,65536'],
  ['ALLOWED_PORTS', '9-8'],
  ['ALLOWED_PORTS', '80,'],
  ['ALLOWED_PORTS', 'https'],
  ['RETRY_SCHEDULE', '0s,soon'],
  ['RETRY_SCHEDULE', '0s,,5s'],
  ['LOG_LEVEL', 'verbose'],
  ['WEB_CONCURRENCY', '0'],
  ['WEB_CONCURRENCY', '65'],
  ['WORKER_CONCURRENCY', '1'],
  ['RETENTION_DAYS', '-1'],
  ['RETENTION_DAYS', '30d'],
  ['AUDIT_RETENTION_DAYS', '36501'],
  ['TRUST_PROXY', 'true'],
  ['TRUST_PROXY', '10.0.0.1, my-proxy'],
])('%s=%s is refused by name, with what was expected', (name, value) => {
  expect(errorsOf({ [name]: value })).toContain(`${name}=${JSON.stringify(value)}: expected `);
});

test('all that is wrong is said at once', () => {
  const message = errorsOf({
    PORT: 'x',
    LOG_LEVEL: 'y',
    RETRY_SCHEDULE: 'z',
    ENCRYPTION_KEYS: 'short',
    HOST_FILE: '/nonexistent/host',
  });
  for (const name of ['PORT', 'LOG_LEVEL', 'RETRY_SCHEDULE', 'ENCRYPTION_KEYS', 'HOST_FILE'])
    expect(message).toContain(`  - ${name}`);
  expect(message).toContain('ENOENT');
});

test('a bad key is named by its place and never repeated', () => {
  const message = errorsOf({ ENCRYPTION_KEYS: `${KEY},c2VjcmV0` });
  expect(message).toContain('key 2');
  expect(message).not.toContain('c2VjcmV0');
  expect(message).not.toContain(KEY);
});

describe('with POCKETBASE_URL', () => {
  test('the store is somebody else’s', () => {
    expect(readConfig(GIVEN_STORE)).toMatchObject({ pocketbaseUrl: 'https://store.example', adminEmail: 'a@b.c' });
  });

  test('ENCRYPTION_KEYS is needed, and nothing else', () => {
    const { POCKETBASE_URL, ENCRYPTION_KEYS } = GIVEN_STORE;
    expect(readConfig({ POCKETBASE_URL, ENCRYPTION_KEYS }).encryptionKeys).toBe(ENCRYPTION_KEYS);
    const message = errorsOf({ ...GIVEN_STORE, ENCRYPTION_KEYS: ' ' });
    expect(message).toContain('ENCRYPTION_KEYS (or ENCRYPTION_KEYS_FILE) is needed');
    expect(message.match(/is needed/g)).toHaveLength(1);
  });
});

describe('NAME_FILE', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'pockethook-config-'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  const file = (content: string) => {
    const path = join(dir, 'value');
    writeFileSync(path, content);
    return path;
  };

  test('gives the value of NAME, without the line end, and wins over NAME', () => {
    const env = { POCKETBASE_ADMIN_PASSWORD: 'other', POCKETBASE_ADMIN_PASSWORD_FILE: file('from a file\n') };
    expect(readConfig(env)).toMatchObject({ adminPassword: 'from a file' });
  });

  test('is checked as NAME is', () => {
    expect(errorsOf({ PORT_FILE: file('many\n') })).toContain('PORT="many": expected');
  });

  test('an empty file gives no value', () => {
    const { ENCRYPTION_KEYS: _, ...rest } = GIVEN_STORE;
    expect(errorsOf({ ...rest, ENCRYPTION_KEYS_FILE: file('\n') })).toContain('ENCRYPTION_KEYS (or');
  });
});
