import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
    writeFileSync(credentialsFile(dataDir), `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  }
  return { credentials, made: kept === undefined };
}
