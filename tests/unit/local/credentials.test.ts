import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentialsFile, ensureCredentials, keepKeys, readCredentials } from '../../../api/src/local/credentials.ts';
import { StartRefused } from '../../../api/src/local/start-refused.ts';

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

test('are closed to others again by the next start', () => {
  ensureCredentials(dir, NOTHING);
  chmodSync(credentialsFile(dir), 0o644);
  ensureCredentials(dir, NOTHING);
  expect(statSync(credentialsFile(dir)).mode & 0o777).toBe(0o600);
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

const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');
const kept = () => readFileSync(credentialsFile(dir), 'utf8');

test("once there is a database its operator's login is not the environment's to change", () => {
  const { credentials } = ensureCredentials(dir, NOTHING);
  const before = kept();
  mkdirSync(join(dir, 'pocketbase'));
  writeFileSync(join(dir, 'pocketbase/data.db'), 'x');
  const given = { ...NOTHING, email: 'other@example.com', password: 'another password' };
  expect(ensureCredentials(dir, given).credentials).toEqual(credentials);
  expect(kept()).toBe(before);
});

describe('keys that the environment gives', () => {
  test('are used, but leave the file alone until they have turned out to fit', () => {
    ensureCredentials(dir, NOTHING);
    const before = kept();
    const { credentials } = ensureCredentials(dir, { ...NOTHING, encryptionKeys: key(1) });
    expect(credentials.encryptionKeys).toBe(key(1));
    expect(kept()).toBe(before);
  });

  test.each([
    ['a new key', [1], [1, 9]],
    ['a rotation', [1, 9], [1, 9]],
    ['the older of two', [9], [9]],
  ])('%s comes first, and none of the file is dropped', (_name, given, want) => {
    ensureCredentials(dir, { ...NOTHING, encryptionKeys: key(9) });
    keepKeys(dir, given.map(key).join(', '));
    expect(readCredentials(dir)?.encryptionKeys).toBe(want.map(key).join(','));
    expect(readdirSync(dir)).toEqual(['credentials.json']);
  });
});

test('an existing data folder is closed to other users', () => {
  mkdirSync(dir, { mode: 0o755 });
  chmodSync(dir, 0o755);
  ensureCredentials(dir, NOTHING);
  expect(statSync(dir).mode & 0o777).toBe(0o700);
});

function mkdirShared(path: string): void {
  mkdirSync(path);
  chmodSync(path, 0o1777);
}

test.each([
  ['a folder of all users', () => mkdirShared(dir), 'shared by all users'],
  ['a file', () => writeFileSync(dir, ''), 'EEXIST'],
])('%s is refused as data folder', (_name, arrange, text) => {
  arrange();
  expect(() => ensureCredentials(dir, NOTHING)).toThrow(StartRefused);
  expect(() => ensureCredentials(dir, NOTHING)).toThrow(text);
});

test('a database whose file of keys is gone gets no new key, but may be given the old one', () => {
  mkdirSync(join(dir, 'pocketbase'), { recursive: true });
  writeFileSync(join(dir, 'pocketbase/data.db'), 'x');
  expect(() => ensureCredentials(dir, NOTHING)).toThrow(/credentials\.json is gone.*ENCRYPTION_KEYS/);
  expect(readdirSync(dir)).toEqual(['pocketbase']);
  expect(ensureCredentials(dir, { ...NOTHING, encryptionKeys: key(1) }).credentials.encryptionKeys).toBe(key(1));
});

describe('a file that can not be used names itself, tells nothing of its content, and stays as it is', () => {
  const whole = { email: 'a@b.c', password: 'hunter22', encryptionKeys: key(1) };
  test.each([
    ['cut off', JSON.stringify(whole).slice(0, 40), 'cut off'],
    ['empty', '', 'cut off'],
    ['null', 'null', 'no JSON object'],
    ['a list', '["hunter22"]', '"email" is missing'],
    ['without a key', JSON.stringify({ ...whole, encryptionKeys: undefined }), '"encryptionKeys" is missing'],
    ['with a number', JSON.stringify({ ...whole, password: 7 }), '"password" is missing'],
    ['with an empty text', JSON.stringify({ ...whole, email: '' }), '"email" is missing'],
    ['with half a key', JSON.stringify({ ...whole, encryptionKeys: 'aHVudGVyMjI=' }), 'key 1 is not 32 bytes'],
    ['binary', '\0\0\0\0', 'cut off'],
  ])('%s', (_name, text, reason) => {
    ensureCredentials(dir, NOTHING);
    writeFileSync(credentialsFile(dir), text);
    let message = '';
    try {
      ensureCredentials(dir, NOTHING);
    } catch (fault) {
      expect(fault).toBeInstanceOf(StartRefused);
      message = (fault as Error).message;
    }
    expect(message).toContain(credentialsFile(dir));
    expect(message).toContain(reason);
    expect(message).toContain('Put back a copy');
    expect(message).not.toMatch(/hunter22|aHVudGVyMjI/);
    expect(kept()).toBe(text);
  });
});
