import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config.ts';
import { closeServer } from '../http/close-server.ts';
import type { Clock } from '../model/ids.ts';
import { keepConnecting } from '../ops/connection.ts';
import type { Readiness } from '../ops/health.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import { pause } from '../ops/pause.ts';
import { scheduleRetention } from '../retention/schedule.ts';
import { describeConfiguration } from '../store/configuration.ts';
import type { Records, StarterMark } from '../store/records.ts';
import type { Delivery } from './delivery.ts';
import type { Hits } from './hits.ts';
import type { Intake } from './intake.ts';
import type { Notifications } from './notifications.ts';
import type { Replaying } from './replay.ts';
import type { Store } from './store.ts';

export interface LifecycleDeps {
  config: Pick<Config, 'host' | 'port' | 'retentionDays' | 'auditRetentionDays'>;
  server: Server;
  store: Pick<Store, 'configuration' | 'refreshViews' | 'watchConfiguration' | 'records' | 'starterMark' | 'retain'>;
  intake: Pick<Intake, 'rejections'>;
  hits: Pick<Hits, 'flushUntil'>;
  delivery: Pick<Delivery, 'dispatcher' | 'closeConnections'>;
  replaying: Pick<Replaying, 'worker'>;
  watching: Pick<Notifications, 'evaluator' | 'close'>;
  /** Aborted when the process stops. */
  stopping: AbortController;
  /** Done once the store answers, before work begins. */
  onConnected?: ((app: Connected) => Promise<void>) | undefined;
  now: Clock;
  logger: Logger;
  metrics: Metrics;
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

const SHUTDOWN_GRACE_MS = 5_000;
const LAST_DELIVERIES_MS = 1_000;

/** Start, connect, stop: what runs, and in which order. */
export function createLifecycle(deps: LifecycleDeps): App {
  const { config, server, store, intake, hits, delivery, replaying, watching, stopping, now, logger, metrics } = deps;
  const { configuration } = store;
  const { dispatcher } = delivery;
  let ready: Promise<void> | undefined;
  let unwatch: (() => Promise<void>) | undefined;
  let retention: Promise<void> | undefined;
  let flushing: Promise<void> | undefined;

  function start(): Promise<string> {
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(config.port, config.host, () => {
        ready = keepConnecting({ connect, logger }, stopping.signal);
        resolve(urlOf(server));
      });
    });
  }

  async function connect(): Promise<void> {
    const url = urlOf(server);
    await deps.onConnected?.({ url, records: store.records, starterMark: store.starterMark });
    await store.refreshViews();
    if (stopping.signal.aborted) return;
    unwatch = await store.watchConfiguration();
    dispatcher.run();
    replaying.worker.run();
    watching.evaluator.run();
    flushing = hits.flushUntil(stopping.signal);
    const periods = { days: config.retentionDays, auditDays: config.auditRetentionDays };
    retention = scheduleRetention(
      { periods, retain: store.retain, now, sleep: pause, logger, metrics },
      stopping.signal,
    );
    logger.info('ready', { url, configuration: configuration.current.version });
  }

  async function stop(): Promise<void> {
    stopping.abort();
    await ready?.catch(() => undefined);
    // Both at once, within the same time: requests under way get their answers, deliveries under way their results.
    await Promise.all([
      closeServer(server, SHUTDOWN_GRACE_MS),
      dispatcher.stop(SHUTDOWN_GRACE_MS),
      replaying.worker.stop(),
      watching.evaluator.stop().then(watching.close),
      retention,
      flushing,
    ]);
    // What the last requests started.
    await dispatcher.stop(LAST_DELIVERIES_MS);
    await intake.rejections.stop();
    await unwatch?.();
    delivery.closeConnections();
  }

  return {
    start,
    get ready() {
      return ready ?? Promise.reject(new Error('start() was not called'));
    },
    stop,
  };
}

export interface ReadinessDeps {
  store: Pick<Store, 'describeProblem' | 'appliedSchema' | 'configuration' | 'notifications'>;
  delivery: Pick<Delivery, 'dispatcher'>;
  /** File name of the newest migration that this code knows. */
  schema: string;
}

/** What must hold for the process to do its work. */
export function readinessChecks({ store, delivery, schema }: ReadinessDeps): Readiness[] {
  return [
    { name: 'store', check: store.describeProblem },
    { name: 'schema', check: async () => describeSchema(store.appliedSchema(), schema) },
    { name: 'configuration', degrades: true, check: async () => describeParts(store) },
    {
      name: 'dispatch',
      check: async () => (delivery.dispatcher.running ? undefined : 'deliveries are not being made'),
    },
  ];
}

function describeParts({ configuration, notifications }: ReadinessDeps['store']): string | undefined {
  const problems = [configuration, notifications].map(describeConfiguration).filter((one) => one !== undefined);
  return problems.length > 0 ? [...new Set(problems)].join('; ') : undefined;
}

function describeSchema(applied: string | undefined, needed: string): string | undefined {
  if (applied === undefined) return 'unknown until the configuration has been read';
  return applied === needed ? undefined : `PocketBase applied migrations up to ${applied}, this code needs ${needed}`;
}

function urlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
