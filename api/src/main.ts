import cluster from 'node:cluster';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApp } from './app/index.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { createStarter } from './configuration/starter.ts';
import { banner } from './local/banner.ts';
import { type Store, startOwnStore } from './local/own-store.ts';
import { StartRefused } from './local/start-refused.ts';
import { createStopSignal } from './local/stop-signals.ts';
import { type Greeting, isStoppedWith, startWorkers, tellSupervisor } from './local/workers.ts';
import { answerMetrics, createReadAllWorkers } from './ops/cluster-metrics.ts';
import { limitHeapGrowth } from './ops/heap-growth.ts';
import { createLogDestination } from './ops/log-destination.ts';
import { createLogger, faultFields, type Logger } from './ops/logger.ts';

/** Put in by the build. */
declare const POCKETHOOK_VERSION: string;
declare const POCKETHOOK_SCHEMA: string;

/** The project's folder: this file runs from api/dist. */
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** sysexits.h: the configuration is wrong. */
const EX_CONFIG = 78;

/** Configuration → PocketBase (our own, unless POCKETBASE_URL names one) → application or its workers, until a signal ends it. */
async function main(): Promise<void> {
  limitHeapGrowth();
  const config = readConfig();
  const destination = createLogDestination({
    fd: process.stdout.fd,
    isShared: config.webConcurrency > 1,
    onDropped: (lines) => logger.warn('log lines dropped', { lines }),
  });
  const logger: Logger = createLogger(config.logLevel, destination);
  process.on('exit', destination.flushSync);
  /** For people. It takes the way of the log, so that the two keep their order. */
  const print: Print = (text) => {
    destination.write(`${text}\n`);
    destination.flush();
  };
  const interrupted = new AbortController();
  /** Replaced as soon as there is something to stop. */
  let stop = async (): Promise<void> => interrupted.abort();
  onStopSignal(logger, print, () => stop());

  const store =
    config.pocketbaseUrl === undefined
      ? await startOwnStore({ config, root: ROOT, logger, signal: interrupted.signal })
      : givenStore(config);
  const run = config.webConcurrency > 1 && cluster.isPrimary ? runWorkers : runApp;
  const running = await run({ config, store, logger, print }).catch(async (fault) => {
    await store.own?.service.stop();
    throw whyNotListening(fault, config);
  });
  stop = async () => {
    await running.stop();
    await store.own?.service.stop();
  };
  void store.own?.service.refused.then(async (reason) => {
    await running.stop();
    process.stderr.write(`${refusal(reason)}\n`);
    process.exit(EX_CONFIG);
  });
}

function givenStore(config: Config): Store {
  const { pocketbaseUrl, encryptionKeys } = config;
  if (!pocketbaseUrl || !encryptionKeys) throw new ConfigError('POCKETBASE_URL needs ENCRYPTION_KEYS.');
  return { pocketbaseUrl, encryptionKeys };
}

type Print = (text: string) => void;

interface Surroundings {
  config: Config;
  store: Store;
  logger: Logger;
  print: Print;
}

type Run = (surroundings: Surroundings) => Promise<{ stop(): Promise<void> }>;

/** The application in this process; one of several if a supervisor started it. */
const runApp: Run = async (surroundings) => {
  const { config, store, logger } = surroundings;
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
    ...(cluster.isWorker && { createReadMetrics: createReadAllWorkers }),
    onConnected: async ({ url, records, starterMark }) => {
      const githubSecret = (await createStarter(records, starterMark))?.githubSecret;
      // Connecting is repeated when a later step of it fails.
      if (greeted) return;
      greeted = true;
      if (cluster.isWorker) tellSupervisor({ url, githubSecret });
      else greet({ url, githubSecret }, surroundings);
    },
  });
  await app.start();
  if (cluster.isWorker) isStoppedWith(app);
  return app;
};

/** Supervises as many processes as WEB_CONCURRENCY says, which share the port. */
const runWorkers: Run = async (surroundings) => {
  const { config, store, logger, print } = surroundings;
  answerMetrics();
  const workers = startWorkers({
    count: config.webConcurrency,
    env: {
      POCKETBASE_URL: store.pocketbaseUrl,
      ENCRYPTION_KEYS: store.encryptionKeys,
      // They would count before those two.
      POCKETBASE_URL_FILE: '',
      ENCRYPTION_KEYS_FILE: '',
    },
    logger,
    onGreeting: (greeting, first) => {
      if (first) greet(greeting, surroundings);
      else printSecret(greeting, print);
    },
  });
  void workers.refused.then(async () => {
    await workers.stop();
    await store.own?.service.stop();
    process.exit(EX_CONFIG);
  });
  process.on('SIGHUP', () => void workers.restart());
  return workers;
};

function greet({ url, githubSecret }: Greeting, { config, store, print }: Surroundings): void {
  const { pocketbaseUrl, own } = store;
  if (own) print(banner({ url, folder: ROOT, dataDir: config.dataDir, pocketbaseUrl, login: own.login, githubSecret }));
  else printSecret({ githubSecret }, print);
}

function printSecret({ githubSecret }: Pick<Greeting, 'githubSecret'>, print: Print): void {
  if (githubSecret) print(`The source github was made; its secret (shown this once): ${githubSecret}`);
}

function onStopSignal(logger: Logger, print: Print, stop: () => Promise<void>): void {
  const handle = createStopSignal({
    elapsed: () => performance.now(),
    stop: (signal) => {
      logger.info('stopping', { signal });
      stop().then(
        () => {
          if (cluster.isPrimary)
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

main().catch((fault) => {
  const expected = fault instanceof ConfigError || fault instanceof StartRefused;
  process.stderr.write(`${refusal(expected ? fault.message : faultFields(fault).error)}\n`);
  process.exit(expected ? EX_CONFIG : 1);
});
