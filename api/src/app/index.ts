import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import type { Config } from '../config.ts';
import { type DeliverDeps, deliver } from '../delivery/deliver.ts';
import { createMaskEcho } from '../delivery/echo.ts';
import { createGuard } from '../delivery/guard.ts';
import { DEFAULT_SCHEDULE, parseSchedule } from '../delivery/schedule.ts';
import { createTransport } from '../delivery/transport.ts';
import { createDispatcher, type DispatcherDeps } from '../dispatch/dispatcher.ts';
import { createSlots } from '../dispatch/slots.ts';
import { createSubmit } from '../dispatch/submit.ts';
import { stringifyJson } from '../expressions/index.ts';
import { closeServer } from '../http/close-server.ts';
import { loadContract } from '../http/openapi.ts';
import { createDescribe } from '../ingest/describe.ts';
import { createIngest } from '../ingest/ingest.ts';
import { createPlanner, planOf } from '../ingest/plan.ts';
import { createRateLimit } from '../ingest/rate-limit.ts';
import { createByteBudget } from '../ingest/read-body.ts';
import { createRejectionRecorder } from '../ingest/rejections.ts';
import { createReplan } from '../ingest/replan.ts';
import { ingestRouter } from '../ingest/router.ts';
import { docsRouter } from '../management/docs.ts';
import { createNewSecret } from '../management/new-secrets.ts';
import { managementRouter } from '../management/router.ts';
import { DEFAULT_TIMEOUT_MS } from '../model/configuration.ts';
import { type Clock, makeId as makeRecordId, type Random } from '../model/ids.ts';
import { keepConnecting } from '../ops/connection.ts';
import { healthRouter } from '../ops/health.ts';
import { faultFields, type Logger } from '../ops/logger.ts';
import { shareOut } from '../ops/memory.ts';
import { createMetrics } from '../ops/metrics.ts';
import { createWriteProbe } from '../ops/write-probe.ts';
import { createBulkReplay } from '../replay/many.ts';
import { createReplay } from '../replay/one.ts';
import { createReplayPlanner } from '../replay/plan.ts';
import { createReplayWorker } from '../replay/worker.ts';
import { scheduleRetention } from '../retention/schedule.ts';
import { createHttpServer } from '../server.ts';
import { createConfigurationCache, describeConfiguration } from '../store/configuration.ts';
import { groupCommit } from '../store/group-commit.ts';
import { createApiKeys } from '../store/pocketbase/api-keys.ts';
import { createListAudit } from '../store/pocketbase/audit.ts';
import { createServiceClient, describeOutage } from '../store/pocketbase/client.ts';
import { loadConfiguration, watchConfiguration } from '../store/pocketbase/configuration.ts';
import { createReadHealth } from '../store/pocketbase/health.ts';
import { createHistory } from '../store/pocketbase/history.ts';
import { createLeanFetch } from '../store/pocketbase/lean-fetch.ts';
import { createPocketBaseQueue } from '../store/pocketbase/queue.ts';
import { createRecords } from '../store/pocketbase/records.ts';
import { createListRejections, createStoreRejection } from '../store/pocketbase/rejections.ts';
import { createReplays } from '../store/pocketbase/replays.ts';
import { createRetain } from '../store/pocketbase/retention.ts';
import { createDecrypt } from '../store/pocketbase/secrets.ts';
import { createSessions } from '../store/pocketbase/sessions.ts';
import { createStarterMark } from '../store/pocketbase/starter-mark.ts';
import { createUpkeep } from '../store/pocketbase/upkeep.ts';
import { createWriteOnce } from '../store/pocketbase/write-probe.ts';
import type { Records, StarterMark } from '../store/records.ts';

/** What the composition root is given: the environment's part, and what tests own (time, chance, where logs go). */
export interface AppOptions {
  config: Pick<
    Config,
    | 'host'
    | 'port'
    | 'allowedPrivateNetworks'
    | 'allowHttpDestinations'
    | 'allowedPorts'
    | 'retrySchedule'
    | 'workerConcurrency'
    | 'trustProxy'
    | 'retentionDays'
    | 'auditRetentionDays'
    | 'publicUrl'
  >;
  pocketbaseUrl: string;
  encryptionKeys: string;
  /** The bundled contract (`api/dist/openapi.yaml`), and the folder of the API reference's page. */
  contractFile: string;
  docsDir: string;
  version: string;
  /** File name of the newest migration that this code knows. */
  schema: string;
  logger: Logger;
  /** Done once the store answers, before work begins. */
  onConnected?: (app: Connected) => Promise<void>;
  now?: Clock;
  random?: Random;
}

/** What is at hand when the store has answered for the first time; the configuration is read afterwards. */
export interface Connected {
  url: string;
  records: Records;
  starterMark: StarterMark;
}

export interface App {
  /** Listens, then connects to the store in the background. Resolves with the address when it listens. */
  start(): Promise<string>;
  /** Resolves when the store was reached and work goes on. */
  readonly ready: Promise<void>;
  /** Finishes or gives back what is under way, within about 10 seconds. */
  stop(): Promise<void>;
}

const EXPIRES_IN_MS = 7 * 24 * 60 * 60_000;
const SHUTDOWN_GRACE_MS = 5_000;
const LAST_DELIVERIES_MS = 1_000;
/** A lease outlives the slowest attempt by what settling may take. */
const LEASE_MARGIN_MS = 15_000;
const MEBIBYTE = 1024 * 1024;
const COMMIT_LIMITS = { maxItems: 256, maxBytes: 8 * MEBIBYTE };

/** Constructs and wires everything: the only file that sees implementations. */
export function createApp(options: AppOptions): App {
  const { config, logger, now = Date.now, random = Math.random } = options;
  const makeId = () => makeRecordId(now, random);
  const metrics = createMetrics();
  const memory = shareOut(getHeapStatistics().heap_size_limit);

  const fetch = createLeanFetch();
  const { pocketbaseUrl, encryptionKeys } = options;
  const pb = createServiceClient({ url: pocketbaseUrl, fetch, encryptionKeys, logger });
  const callDeps = {
    pb,
    metrics,
    onConfigVersion: (version: number) => configuration.seen(version),
  };
  const decrypt = createDecrypt(encryptionKeys);
  let schema: string | undefined;
  const configuration = createConfigurationCache({
    load: async () => {
      const loaded = await loadConfiguration(callDeps, decrypt);
      schema = loaded.schema;
      return loaded;
    },
    logger,
  });
  const history = createHistory({ pb });
  const records = createRecords({ pb });
  const apiKeys = createApiKeys({ pb, makeId, now, logger });
  const sessions = createSessions({ pb, url: pocketbaseUrl, fetch, now, identifyKey: apiKeys.identify });
  const probeWrites = createWriteProbe({ write: createWriteOnce(callDeps), describeOutage, now, logger });
  const owner = makeId();
  const queue = createPocketBaseQueue(callDeps, { owner, leaseMs });
  const replays = createReplays(callDeps, owner);
  const commitLimits = { ...COMMIT_LIMITS, maxWaitingBytes: memory.waiting };
  const accept = groupCommit(queue.accept, {
    ...commitLimits,
    sizeOf: (item) =>
      ('event' in item ? item.event.body.length + stringifyJson(item.event.extracted).length : 0) +
      sum(item.deliveries, ({ request_body }) => request_body.length),
    observe: (items) => metrics.groupCommitSize.observe({ call: 'accept' }, items),
  });
  const settle = groupCommit(queue.settle, {
    ...commitLimits,
    sizeOf: ({ attempt }) => attempt?.response_body.length ?? 0,
    observe: (items) => metrics.groupCommitSize.observe({ call: 'settle' }, items),
  });

  const guard = createGuard({
    allowedNetworks: config.allowedPrivateNetworks,
    allowedPorts: config.allowedPorts,
    allowHttp: config.allowHttpDestinations,
    onRefusedAddress: (refused) => logger.warn('address refused', refused),
  });
  const transport = createTransport(guard);
  const deliverDeps: DeliverDeps = {
    transport,
    maskEcho: createMaskEcho(),
    now,
    random,
    makeId,
    userAgent: `Pockethook/${options.version}`,
    defaultSchedule: config.retrySchedule ?? parseSchedule(DEFAULT_SCHEDULE) ?? [],
  };
  const attempt: DispatcherDeps['deliver'] = (delivery, destination, signal) =>
    deliver(delivery, destination, signal, deliverDeps);
  const dispatcher = createDispatcher({
    slots: createSlots(config.workerConcurrency, memory.deliveries),
    configuration,
    claim: queue.claim,
    settle,
    deliver: attempt,
    logger,
    metrics,
  });
  const submit = createSubmit({ accept, dispatcher, now });

  const describe = createDescribe();
  const planner = createPlanner({ makeId, expiresInMs: EXPIRES_IN_MS, publicUrl: config.publicUrl });
  const replan = createReplan({ configuration, describe, planner });
  const replayPlanner = createReplayPlanner({
    history,
    configuration,
    replan: async (event) => planOf(await replan(event)),
    makeId,
    expiresInMs: EXPIRES_IN_MS,
  });
  const replay = createReplay({ history, planner: replayPlanner, submit });
  const replayWorker = createReplayWorker({
    history,
    planner: replayPlanner,
    replays,
    submit,
    logger,
    metrics,
    elapsed: () => performance.now(),
    sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
  });
  const bulkReplay = createBulkReplay({
    history,
    planner: replayPlanner,
    replays,
    configuration,
    makeId,
    wake: replayWorker.wake,
  });
  const rateLimit = createRateLimit({ now: () => performance.now() });
  const rejections = createRejectionRecorder({ store: createStoreRejection({ ...callDeps, makeId }), logger });

  const contract = loadContract(options.contractFile);
  const server = createHttpServer({
    contract,
    logger,
    trustProxy: config.trustProxy,
    ingest: ingestRouter({
      ingest: createIngest({ configuration, describe, planner, rateLimit, submit, now, makeId }),
      configuration,
      rejections,
      rateLimit,
      budget: createByteBudget(memory.requests),
      logger,
      metrics,
      now,
    }),
    health: healthRouter({ readiness: readiness(), metrics, readQueue: queue.stats }),
    management: managementRouter({
      contract,
      logger,
      sessions,
      records,
      history,
      listRejections: createListRejections({ pb }),
      listAudit: createListAudit({ pb }),
      configuration,
      describe,
      planner,
      replay,
      replays,
      bulkReplay,
      apiKeys,
      upkeep: createUpkeep(callDeps, encryptionKeys),
      schema: options.schema,
      command: queue.command,
      commandDestination: queue.commandDestination,
      readHealth: createReadHealth({ pb }),
      wake: dispatcher.wake,
      deliver: attempt,
      refreshConfiguration: configuration.refresh,
      makeId,
      now,
      newSecret: createNewSecret(options.encryptionKeys),
    }),
    docs: docsRouter({ contract, dir: options.docsDir }),
  });

  const stopping = new AbortController();
  let ready: Promise<void> | undefined;
  let unwatch: (() => Promise<void>) | undefined;
  let retention: Promise<void> | undefined;

  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.port, config.host, () => {
          ready = keepConnecting({ connect, logger }, stopping.signal);
          resolve(url());
        });
      }),
    get ready() {
      return ready ?? Promise.reject(new Error('start() was not called'));
    },
    stop,
  };

  async function connect(): Promise<void> {
    await options.onConnected?.({ url: url(), records, starterMark: createStarterMark(callDeps) });
    await configuration.refresh();
    if (stopping.signal.aborted) return;
    unwatch = await watchConfiguration(
      pb,
      configuration.seen,
      () => void configuration.refresh().catch(() => undefined),
    );
    dispatcher.run();
    replayWorker.run();
    retention = scheduleRetention(
      {
        periods: { days: config.retentionDays, auditDays: config.auditRetentionDays },
        retain: createRetain(callDeps),
        now,
        sleep: pause,
        logger,
        metrics,
      },
      stopping.signal,
    );
    logger.info('ready', { url: url(), configuration: configuration.current.version });
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await ready?.catch(() => undefined);
    // Both at once, within the same time: requests under way get their answers, deliveries under way their results.
    await Promise.all([
      closeServer(server, SHUTDOWN_GRACE_MS),
      dispatcher.stop(SHUTDOWN_GRACE_MS),
      replayWorker.stop(),
      retention,
    ]);
    // What the last requests started.
    await dispatcher.stop(LAST_DELIVERIES_MS);
    await rejections.stop();
    await unwatch?.().catch((fault) => logger.debug('realtime not closed', faultFields(fault)));
    transport.close();
  }

  function url(): string {
    const { address, port, family } = server.address() as AddressInfo;
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  function leaseMs(): number {
    const timeouts = configuration.current.destinations.map(({ timeout_ms }) => timeout_ms || DEFAULT_TIMEOUT_MS);
    return Math.max(DEFAULT_TIMEOUT_MS, ...timeouts) + LEASE_MARGIN_MS;
  }

  function readiness() {
    return [
      {
        name: 'store',
        check: () => queue.stats().then(probeWrites, describeOutage),
      },
      {
        name: 'schema',
        check: async () =>
          schema === undefined
            ? 'unknown until the configuration has been read'
            : schema === options.schema
              ? undefined
              : `PocketBase applied migrations up to ${schema}, this code needs ${options.schema}`,
      },
      { name: 'configuration', degrades: true, check: async () => describeConfiguration(configuration) },
      { name: 'dispatch', check: async () => (dispatcher.running ? undefined : 'deliveries are not being made') },
    ];
  }
}

/** Ends early when the signal aborts. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

function sum<T>(items: T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
