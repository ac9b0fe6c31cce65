import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApp } from './app/index.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { createStarter } from './configuration/starter.ts';
import { banner } from './local/banner.ts';
import { ensureBinary } from './local/binary.ts';
import { showBuild } from './local/build-progress.ts';
import { type Credentials, ensureCredentials, keepKeys } from './local/credentials.ts';
import { pocketbaseDir } from './local/data-dir.ts';
import { type SupervisedPocketBase, startPocketBase } from './local/pocketbase.ts';
import { StartRefused } from './local/start-refused.ts';
import { createStopSignal } from './local/stop-signals.ts';
import { createLogDestination } from './ops/log-destination.ts';
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
  const destination = createLogDestination({
    fd: process.stdout.fd,
    onDropped: (lines) => logger.warn('log lines dropped', { lines }),
  });
  const logger: Logger = createLogger(config.logLevel, destination);
  process.on('exit', destination.flushSync);
  const interrupted = new AbortController();
  /** Replaced as soon as there is something to stop. */
  let stop = async (): Promise<void> => interrupted.abort();
  onStopSignal(logger, () => stop());

  const store =
    config.pocketbaseUrl === undefined ? await startOwnStore(config, logger, interrupted.signal) : givenStore(config);
  let greeted = false;
  const app = createApp({
    config,
    ...store,
    contractFile: join(ROOT, 'api/dist/openapi.yaml'),
    docsDir: join(ROOT, 'api/dist/docs'),
    consoleDir: join(ROOT, 'api/dist/console'),
    version: POCKETHOOK_VERSION,
    schema: POCKETHOOK_SCHEMA,
    logger,
    onConnected: async ({ url, records, starterMark }) => {
      const githubSecret = (await createStarter(records, starterMark))?.githubSecret;
      const { pocketbaseUrl, own } = store;
      // Connecting is repeated when a later step of it fails.
      if (greeted) return;
      greeted = true;
      if (own)
        print(banner({ url, folder: ROOT, dataDir: config.dataDir, pocketbaseUrl, login: own.login, githubSecret }));
      else if (githubSecret) print(`The source github was made; its secret (shown this once): ${githubSecret}`);
    },
  });
  stop = async () => {
    await app.stop();
    await store.own?.service.stop();
  };
  void store.own?.service.refused.then(async (reason) => {
    await app.stop();
    process.stderr.write(`${refusal(reason)}\n`);
    process.exit(EX_CONFIG);
  });
  await app.start().catch(async (fault) => {
    await store.own?.service.stop();
    throw whyNotListening(fault, config);
  });
}

interface Store {
  pocketbaseUrl: string;
  encryptionKeys: string;
  /** Absent when somebody else runs it. */
  own?: { service: SupervisedPocketBase; login: Pick<Credentials, 'email' | 'password'> };
}

function givenStore(config: Config): Store {
  const { pocketbaseUrl, encryptionKeys } = config;
  if (!pocketbaseUrl || !encryptionKeys) throw new ConfigError('POCKETBASE_URL needs ENCRYPTION_KEYS.');
  return { pocketbaseUrl, encryptionKeys };
}

async function startOwnStore(config: Config, logger: Logger, signal: AbortSignal): Promise<Store> {
  const { credentials } = ensureCredentials(config.dataDir, {
    email: config.adminEmail,
    password: config.adminPassword,
    encryptionKeys: config.encryptionKeys,
  });
  const service = await startPocketBase({
    binary: config.pocketbaseBin ?? (await builtBinary(config, signal)),
    port: config.pocketbasePort,
    dataDir: pocketbaseDir(config.dataDir),
    migrationsDir: join(ROOT, 'pb_migrations'),
    hooksDir: join(ROOT, 'pocketbase/pb_hooks'),
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

async function builtBinary({ cacheDir }: Config, signal: AbortSignal): Promise<string> {
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
    const sourceDir = join(ROOT, 'pocketbase');
    return await ensureBinary({ sourceDir, cacheDir, signal, onBuild, onProgress: (step) => display?.report(step) });
  } finally {
    display?.end();
  }
}

function onStopSignal(logger: Logger, stop: () => Promise<void>): void {
  const handle = createStopSignal({
    elapsed: () => performance.now(),
    stop: (signal) => {
      logger.info('stopping', { signal });
      stop().then(
        () => {
          print(
            'Pockethook has stopped. What it had accepted is stored; what is not delivered yet goes out after the next start.',
          );
          process.exit(0);
        },
        (fault) => {
          logger.error('not stopped cleanly', faultFields(fault));
          process.exit(1);
        },
      );
    },
    stopNow: () => process.exit(1),
  });
  process.on('SIGTERM', handle);
  process.on('SIGINT', handle);
}

function whyNotListening(fault: NodeJS.ErrnoException, { host, port }: Config): unknown {
  if (fault.syscall !== 'listen') return fault;
  const setting = fault.code === 'EADDRNOTAVAIL' ? 'HOST' : 'PORT';
  return new StartRefused(
    `The API can't listen on ${host}:${port} (${fault.code}). Stop what uses that port, or choose another with ${setting}.`,
  );
}

function refusal(reason: string): string {
  return `Pockethook can't start: ${reason}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

main().catch((fault) => {
  const expected = fault instanceof ConfigError || fault instanceof StartRefused;
  process.stderr.write(`${refusal(expected ? fault.message : faultFields(fault).error)}\n`);
  process.exit(expected ? EX_CONFIG : 1);
});
