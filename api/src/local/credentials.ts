import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a local installation makes for itself at its first start. */
export interface Credentials {
  email: string;
  password: string;
  /** As in ENCRYPTION_KEYS. */
  encryptionKeys: string;
}

/** Where the command line finds them too. */
export const credentialsFile = (dataDir: string): string => join(dataDir, 'credentials.json');

export function readCredentials(dataDir: string): Credentials | undefined {
  const file = credentialsFile(dataDir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Credentials) : undefined;
}

/** The only copy of the key to everything that is sealed: on disk before anything is sealed with it, never half. */
function writeDurably(file: string, text: string): void {
  const unfinished = `${file}.new`;
  writeFileSync(unfinished, text, { mode: 0o600, flush: true });
  renameSync(unfinished, file);
}

/** Those of the data folder, made if it has none; what the environment gives takes precedence and is kept as well. */
export function ensureCredentials(
  dataDir: string,
  given: { [K in keyof Credentials]: string | undefined },
): { credentials: Credentials; made: boolean } {
  const kept = readCredentials(dataDir);
  const credentials: Credentials = {
    email: given.email ?? kept?.email ?? 'admin@pockethook.local',
    password: given.password ?? kept?.password ?? randomBytes(18).toString('base64url'),
    encryptionKeys: given.encryptionKeys ?? kept?.encryptionKeys ?? randomBytes(32).toString('base64'),
  };
  if (JSON.stringify(credentials) !== JSON.stringify(kept)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    writeDurably(credentialsFile(dataDir), `${JSON.stringify(credentials, null, 2)}\n`);
  }
  return { credentials, made: kept === undefined };
}
