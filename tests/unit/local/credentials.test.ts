import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentialsFile, ensureCredentials, readCredentials } from '../../../api/src/local/credentials.ts';

const NOTHING = { email: undefined, password: undefined, encryptionKeys: undefined };
let dir: string;

beforeEach(() => {
  dir = join(mkdtempSync(join(tmpdir(), 'pockethook-credentials-')), 'data');
});
afterEach(() => rmSync(join(dir, '..'), { recursive: true }));

test('are made at the first start, for their owner only', () => {
  expect(readCredentials(dir)).toBeUndefined();
  const { credentials, made } = ensureCredentials(dir, NOTHING);
  expect(made).toBe(true);
  expect(credentials.password.length).toBeGreaterThanOrEqual(24);
  expect(Buffer.from(credentials.encryptionKeys, 'base64')).toHaveLength(32);
  expect(statSync(credentialsFile(dir)).mode & 0o777).toBe(0o600);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
  expect(readCredentials(dir)).toEqual(credentials);
});

test('are kept from then on', () => {
  const first = ensureCredentials(dir, NOTHING);
  const second = ensureCredentials(dir, NOTHING);
  expect(second).toEqual({ credentials: first.credentials, made: false });
});

test('differ between installations', () => {
  const { credentials } = ensureCredentials(dir, NOTHING);
  const other = ensureCredentials(join(dir, 'other'), NOTHING).credentials;
  expect(other.password).not.toBe(credentials.password);
  expect(other.encryptionKeys).not.toBe(credentials.encryptionKeys);
});

test('what the environment gives wins, is kept, and the rest stays', () => {
  const { credentials } = ensureCredentials(dir, NOTHING);
  const changed = ensureCredentials(dir, { ...NOTHING, password: 'chosen by hand' });
  expect(changed).toEqual({ credentials: { ...credentials, password: 'chosen by hand' }, made: false });
  expect(JSON.parse(readFileSync(credentialsFile(dir), 'utf8'))).toEqual(changed.credentials);
  expect(statSync(credentialsFile(dir)).mode & 0o777).toBe(0o600);
});
