import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApp } from './app.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { banner } from './local/banner.ts';
import { BinaryMissing, ensureBinary } from './local/binary.ts';
import { type Credentials, ensureCredentials } from './local/credentials.ts';
import { type SupervisedPocketBase, startPocketBase } from './local/pocketbase.ts';
import { createStarter } from './management/starter.ts';
import { createLogger, faultFields, type Logger } from './ops/logger.ts';

/** Put in by the build. */
declare const POCKETHOOK_VERSION: string;
declare const POCKETHOOK_SCHEMA: string;

/** The project's folder: this file runs from api/dist. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** sysexits.h: the configuration is wrong. */
const EX_CONFIG = 78;

/** Configuration → PocketBase (our own, unless POCKETBASE_URL names one) → application, until a signal ends it. */
async function main(): Promise<void> {
  const config = readConfig();
  const logger = createLogger(config.logLevel);
  const store = config.pocketbaseUrl === undefined ? await startOwnStore(config, logger) : givenStore(config);
  const app = createApp({
    config,
    ...store,
    contractFile: join(ROOT, 'api/openapi.yaml'),
    docsDir: join(ROOT, 'api/dist/docs'),
    version: POCKETHOOK_VERSION,
    schema: POCKETHOOK_SCHEMA,
    logger,
    onConnected: async ({ url, records, starterMark }) => {
      const starter = await createStarter(records, starterMark);
      if (store.own) print(banner({ url, store: store.own, githubSecret: starter?.githubSecret }));
      else if (starter) print(`The source github was made; its secret (shown this once): ${starter.githubSecret}`);
    },
  });
  stopOnSignals(logger, async () => {
    await app.stop();
    await store.own?.service.stop();
  });
  await app.start();
}

interface Store {
  pocketbaseUrl: string;
  encryptionKeys: string;
  /** Absent when somebody else runs it. */
  own?: OwnStore;
}

interface OwnStore extends Credentials {
  pocketbaseUrl: string;
  service: SupervisedPocketBase;
  credentialsMade: boolean;
}

function givenStore(config: Config): Store {
  const { pocketbaseUrl, encryptionKeys } = config;
  if (!pocketbaseUrl || !encryptionKeys) throw new ConfigError('POCKETBASE_URL needs ENCRYPTION_KEYS.');
  return { pocketbaseUrl, encryptionKeys };
}

async function startOwnStore(config: Config, logger: Logger): Promise<Store> {
  const { credentials, made } = ensureCredentials(config.dataDir, {
    email: config.adminEmail,
    password: config.adminPassword,
    encryptionKeys: config.encryptionKeys,
  });
  const binary =
    config.pocketbaseBin ??
    (await ensureBinary({
      sourceDir: join(ROOT, 'pocketbase'),
      cacheDir: config.cacheDir,
      onBuild: () => print('Building the PocketBase service: once, a minute or two …'),
    }));
  const service = await startPocketBase({
    binary,
    port: config.pocketbasePort,
    dataDir: join(config.dataDir, 'pocketbase'),
    migrationsDir: join(ROOT, 'pb_migrations'),
    hooksDir: join(ROOT, 'pocketbase/pb_hooks'),
    env: {
      POCKETBASE_ADMIN_EMAIL: credentials.email,
      POCKETBASE_ADMIN_PASSWORD: credentials.password,
      ENCRYPTION_KEYS: credentials.encryptionKeys,
      ALLOWED_PRIVATE_NETWORKS: config.allowedPrivateNetworks.join(','),
      ALLOW_HTTP_DESTINATIONS: String(config.allowHttpDestinations),
    },
    logger,
  });
  const { encryptionKeys } = credentials;
  const own = { ...credentials, pocketbaseUrl: service.url, service, credentialsMade: made };
  return { pocketbaseUrl: service.url, encryptionKeys, own };
}

/** The first signal stops gracefully; a second one means now. */
function stopOnSignals(logger: Logger, stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    logger.info('stopping', { signal });
    stop().then(
      () => process.exit(0),
      (fault) => {
        logger.error('not stopped cleanly', faultFields(fault));
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((fault) => {
  const expected = fault instanceof ConfigError || fault instanceof BinaryMissing;
  process.stderr.write(`${expected ? fault.message : `Pockethook could not start: ${faultFields(fault).error}`}\n`);
  process.exit(expected ? EX_CONFIG : 1);
});
