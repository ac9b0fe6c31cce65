import { join } from 'node:path';
import type { Logger } from '../ops/logger.ts';
import { ensureBinary } from './binary.ts';
import { showBuild } from './build-progress.ts';
import { type Credentials, ensureCredentials, keepKeys } from './credentials.ts';
import { pocketbaseDir } from './data-dir.ts';
import { type SupervisedPocketBase, startPocketBase } from './pocketbase.ts';

export interface OwnStoreOptions {
  /** Of the environment's settings, those that concern it. */
  config: {
    pocketbaseBin: string | undefined;
    pocketbasePort: number;
    dataDir: string;
    cacheDir: string;
    adminEmail: string | undefined;
    adminPassword: string | undefined;
    encryptionKeys: string | undefined;
    acceptLostKeys: boolean;
    allowedPrivateNetworks: string[];
    allowHttpDestinations: boolean;
    allowedPorts: string[];
  };
  /** The project's folder. */
  root: string;
  logger: Logger;
  /** Ends a build that is under way. */
  signal: AbortSignal;
}

/** The PocketBase service that this process uses, and the keys that both have. */
export interface Store {
  pocketbaseUrl: string;
  encryptionKeys: string;
  /** Absent when somebody else runs it. */
  own?: { service: SupervisedPocketBase; login: Pick<Credentials, 'email' | 'password'> };
}

/** Builds the service where needed, and starts and supervises it, with credentials that are made once. */
export async function startOwnStore({ config, root, logger, signal }: OwnStoreOptions): Promise<Store> {
  const { credentials } = ensureCredentials(config.dataDir, {
    email: config.adminEmail,
    password: config.adminPassword,
    encryptionKeys: config.encryptionKeys,
  });
  const service = await startPocketBase({
    binary: config.pocketbaseBin ?? (await builtBinary(config.cacheDir, root, signal)),
    port: config.pocketbasePort,
    dataDir: pocketbaseDir(config.dataDir),
    migrationsDir: join(root, 'pb_migrations'),
    hooksDir: join(root, 'pocketbase/pb_hooks'),
    env: {
      // Those of the environment, if there are, so that it can say when they are no operator's.
      POCKETBASE_ADMIN_EMAIL: config.adminEmail ?? credentials.email,
      POCKETBASE_ADMIN_PASSWORD: config.adminPassword ?? credentials.password,
      ENCRYPTION_KEYS: credentials.encryptionKeys,
      ACCEPT_LOST_KEYS: String(config.acceptLostKeys),
      ALLOWED_PRIVATE_NETWORKS: config.allowedPrivateNetworks.join(','),
      ALLOW_HTTP_DESTINATIONS: String(config.allowHttpDestinations),
      ALLOWED_PORTS: config.allowedPorts.join(','),
    },
    logger,
  });
  keepKeys(config.dataDir, credentials.encryptionKeys);
  const { encryptionKeys } = credentials;
  return { pocketbaseUrl: service.url, encryptionKeys, own: { service, login: credentials } };
}

async function builtBinary(cacheDir: string, root: string, signal: AbortSignal): Promise<string> {
  let display: ReturnType<typeof showBuild> | undefined;
  const onBuild = () => {
    display = showBuild({
      write: (text) => process.stdout.write(text),
      rewrites: process.stdout.isTTY === true,
      elapsed: () => performance.now(),
      every: (ms, tick) => {
        const timer = setInterval(tick, ms);
        return () => clearInterval(timer);
      },
    });
  };
  try {
    const sourceDir = join(root, 'pocketbase');
    return await ensureBinary({ sourceDir, cacheDir, signal, onBuild, onProgress: (step) => display?.report(step) });
  } finally {
    display?.end();
  }
}
