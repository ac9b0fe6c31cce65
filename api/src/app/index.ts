import { getHeapStatistics } from 'node:v8';
import type { Config } from '../config.ts';
import { loadContract } from '../http/openapi.ts';
import { type Clock, makeId as makeRecordId, type Random } from '../model/ids.ts';
import { healthRouter } from '../ops/health.ts';
import type { Logger } from '../ops/logger.ts';
import { shareOut } from '../ops/memory.ts';
import { createMetrics, type Metrics } from '../ops/metrics.ts';
import { createHttpServer } from '../server.ts';
import { assembleDelivery, type DeliveryDeps } from './delivery.ts';
import { assembleHits } from './hits.ts';
import { assembleIntake } from './intake.ts';
import { type App, createLifecycle, type LifecycleDeps, readinessChecks } from './lifecycle.ts';
import { assembleManagement } from './management.ts';
import { assembleNotifications } from './notifications.ts';
import { assembleReplay } from './replay.ts';
import { assembleStore } from './store.ts';

export type { App } from './lifecycle.ts';

/** What the composition root is given: the environment's part, and what tests own (time, chance, where logs go). */
export interface AppOptions {
  config: DeliveryDeps['config'] & LifecycleDeps['config'] & Pick<Config, 'trustProxy' | 'publicUrl'>;
  pocketbaseUrl: string;
  encryptionKeys: string;
  /** The bundled contract (`api/dist/openapi.yaml`), the folder of the API reference's page, and that of the built console. */
  contractFile: string;
  docsDir: string;
  consoleDir: string;
  version: string;
  /** File name of the newest migration that this code knows. */
  schema: string;
  logger: Logger;
  /** Done once the store answers, before work begins. */
  onConnected?: LifecycleDeps['onConnected'];
  /** What `/metrics` tells of a registry; absent: what this process counted. */
  createReadMetrics?: (registry: Metrics['registry']) => () => Promise<string>;
  now?: Clock;
  random?: Random;
}

/** A week, after which a delivery is `expired`. */
const EXPIRES_IN_MS = 7 * 24 * 60 * 60_000;

/**
 * Constructs and wires everything, in the order of an event's journey: stored by, taken in, delivered, replayed, managed.
 * Only this folder sees implementations.
 */
export function createApp(options: AppOptions): App {
  const { config, pocketbaseUrl, encryptionKeys, version, schema, docsDir, consoleDir, logger } = options;
  const { onConnected, now = Date.now, random = Math.random } = options;
  const makeId = () => makeRecordId(now, random);
  const metrics = createMetrics();
  const readMetrics = options.createReadMetrics?.(metrics.registry) ?? (() => metrics.registry.metrics());
  const memory = shareOut(getHeapStatistics().heap_size_limit);
  const contract = loadContract(options.contractFile);
  const common = { makeId, now, random, logger, metrics };

  const store = assembleStore({ ...common, url: pocketbaseUrl, encryptionKeys, waitingCharacters: memory.waiting });
  const intake = assembleIntake({
    ...common,
    store,
    // Intake hands on to delivery, which stands below.
    submit: (submission) => delivery.submit(submission),
    get: (url) => delivery.get(url),
    expiresInMs: EXPIRES_IN_MS,
    publicUrl: config.publicUrl,
    requestBytes: memory.requests,
  });
  const userAgent = `Pockethook/${version}`;
  const delivery = assembleDelivery({ ...common, config, store, bodyCharacters: memory.deliveries, userAgent });
  const submitting = { submit: delivery.submit, expiresInMs: EXPIRES_IN_MS };
  const asking = { guard: delivery.guard, userAgent };
  const watching = assembleNotifications({ ...common, ...submitting, ...asking, store, publicUrl: config.publicUrl });
  const replaying = assembleReplay({ ...common, ...submitting, store, intake, watching });
  const hits = assembleHits({
    hits: store.hits,
    notifications: store.notifications,
    budget: intake.budget,
    // They are small beside events.
    waitingCharacters: memory.waiting / 4,
    logger,
    metrics,
  });
  const parts = { store, intake, delivery, watching, replaying, hits };
  const stopping = new AbortController();
  const management = assembleManagement({
    ...common,
    ...parts,
    contract,
    docsDir,
    consoleDir,
    encryptionKeys,
    schema,
    stopping: stopping.signal,
    publicUrl: config.publicUrl,
  });

  const server = createHttpServer({
    contract,
    logger,
    trustProxy: config.trustProxy,
    ingest: intake.routes,
    hits: hits.handle,
    health: healthRouter({
      readiness: readinessChecks({ ...parts, schema }),
      metrics,
      readMetrics,
      readQueue: store.queue.stats,
    }),
    management: management.router,
    docs: management.docs,
    console: management.console,
  });
  return createLifecycle({ ...common, ...parts, config, server, stopping, onConnected });
}
