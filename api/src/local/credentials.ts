import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyProblems, splitKeys } from '../model/encryption-keys.ts';
import { closeToOthers, pocketbaseDir, prepareDataDir } from './data-dir.ts';
import { createFile, replaceFile } from './durable-file.ts';
import { StartRefused } from './start-refused.ts';

/** What a local installation makes for itself at its first start. */
export interface Credentials {
  email: string;
  password: string;
  /** As in ENCRYPTION_KEYS. */
  encryptionKeys: string;
}

const FIELDS = ['email', 'password', 'encryptionKeys'] as const;

/** Where the command line finds them too. */
export const credentialsFile = (dataDir: string): string => join(dataDir, 'credentials.json');

/**
 * Undefined: there is no file.
 * @throws StartRefused when it can't be used; nothing of what it holds is told
 */
export function readCredentials(dataDir: string): Credentials | undefined {
  const file = credentialsFile(dataDir);
  if (!existsSync(file)) return undefined;
  const credentials = parse(file, readText(file));
  const wrong = FIELDS.find((field) => typeof credentials[field] !== 'string' || credentials[field] === '');
  if (wrong) throw unusable(file, `"${wrong}" is missing, or is no text`);
  return credentials as Credentials;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (fault) {
    throw unusable(file, String((fault as NodeJS.ErrnoException).code));
  }
}

function parse(file: string, text: string): Partial<Credentials> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // What JSON.parse says may quote the file.
  }
  throw unusable(file, 'it is no JSON object, perhaps cut off');
}

function unusable(file: string, why: string): StartRefused {
  return new StartRefused(
    `${file} can't be read: ${why}. It keeps the only key to the stored secrets, so it is never made anew. Put back a copy, ` +
      'or write what you know of it: {"email": "…", "password": "…", "encryptionKeys": "…"}.',
  );
}

/**
 * Those of the data folder, made if it has none. What the environment gives takes precedence: keys always, to be kept by
 * `keepKeys` once they have turned out to fit; e-mail and password until there is a database, since they only make its first operator.
 * @throws StartRefused when the file can't be used, or is gone although there is a database that needs its keys
 */
export function ensureCredentials(
  dataDir: string,
  given: { [K in keyof Credentials]: string | undefined },
): { credentials: Credentials; made: boolean } {
  prepareDataDir(dataDir);
  const kept = readCredentials(dataDir);
  if (!kept) return makeCredentials(dataDir, given);
  closeToOthers(credentialsFile(dataDir));
  const [problem] = keyProblems(kept.encryptionKeys);
  if (problem) throw unusable(credentialsFile(dataDir), `"encryptionKeys": ${problem}`);
  const login = hasDatabase(dataDir)
    ? kept
    : { email: given.email ?? kept.email, password: given.password ?? kept.password };
  const { email, password } = login;
  if (email !== kept.email || password !== kept.password) write(dataDir, { ...kept, email, password });
  return { credentials: { email, password, encryptionKeys: given.encryptionKeys ?? kept.encryptionKeys }, made: false };
}

function makeCredentials(
  dataDir: string,
  given: { [K in keyof Credentials]: string | undefined },
): { credentials: Credentials; made: boolean } {
  const file = credentialsFile(dataDir);
  if (given.encryptionKeys === undefined && hasDatabase(dataDir))
    throw new StartRefused(
      `${file} is gone, and with it the key to the secrets in ${pocketbaseDir(dataDir)}. Put it back from a copy, or set ENCRYPTION_KEYS.`,
    );
  const credentials: Credentials = {
    email: given.email ?? 'admin@pockethook.local',
    password: given.password ?? randomBytes(18).toString('base64url'),
    encryptionKeys: given.encryptionKeys ?? randomBytes(32).toString('base64'),
  };
  // On disk before anything is encrypted with its key. Another start may have been faster; then its file counts.
  return createFile(file, format(credentials)) ? { credentials, made: true } : ensureCredentials(dataDir, given);
}

/** Keeps keys that the environment gave, before those that the file has already: a backup may still need them. */
export function keepKeys(dataDir: string, given: string): void {
  const kept = readCredentials(dataDir);
  if (!kept) return;
  const keys = [...new Set([...splitKeys(given), ...splitKeys(kept.encryptionKeys)])].join(',');
  if (keys !== kept.encryptionKeys) write(dataDir, { ...kept, encryptionKeys: keys });
}

function hasDatabase(dataDir: string): boolean {
  return existsSync(join(pocketbaseDir(dataDir), 'data.db'));
}

function write(dataDir: string, credentials: Credentials): void {
  replaceFile(credentialsFile(dataDir), format(credentials));
}

function format(credentials: Credentials): string {
  return `${JSON.stringify(credentials, null, 2)}\n`;
}
