import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type App, type AppOptions, createApp } from '../../api/src/app/index.ts';
import { collectingLogger, type LogLine } from './logger.ts';
import { ROOT, type TestPocketBase } from './pocketbase.ts';

export {
  acceptItem,
  describeWithServices,
  executeSql,
  rewriteRow,
  startPocketBase,
  superuser,
  type TestPocketBase,
} from './pocketbase.ts';

export interface TestApp {
  url: string;
  app: App;
  /** What it logged. */
  lines: LogLine[];
  /** As on SIGTERM. */
  stop(): Promise<void>;
}

export type AppOverrides = Partial<Omit<AppOptions, 'config' | 'logger'>> & { config?: Partial<AppOptions['config']> };

/**
 * The API service over a PocketBase service, in this process, on any free port; resolves when it is ready. Unlike the
 * defaults of production it may deliver to plain HTTP receivers on loopback.
 */
export async function startApp(pocketbase: TestPocketBase, overrides: AppOverrides = {}): Promise<TestApp> {
  const app = await launchApp(pocketbase, overrides);
  await app.app.ready;
  return app;
}

/** As `startApp`, but resolves when it listens. */
export async function launchApp(
  pocketbase: TestPocketBase,
  { config, ...overrides }: AppOverrides = {},
): Promise<TestApp> {
  const { logger, lines } = collectingLogger();
  const app = createApp({
    config: {
      host: '127.0.0.1',
      port: 0,
      allowedPrivateNetworks: ['127.0.0.0/8'],
      allowHttpDestinations: true,
      deliveryProxy: undefined,
      allowedPorts: ['80', '443', '1024-65535'],
      retrySchedule: undefined,
      workerConcurrency: 64,
      trustProxy: false,
      retentionDays: 0,
      auditRetentionDays: 0,
      publicUrl: undefined,
      ...config,
    },
    pocketbaseUrl: pocketbase.url,
    encryptionKeys: pocketbase.encryptionKeys,
    contractFile: join(ROOT, 'api/dist/openapi.yaml'),
    docsDir: join(ROOT, 'api/dist/docs'),
    consoleDir: join(ROOT, 'api/dist/console'),
    version: '0.0.0-test',
    schema: readdirSync(join(ROOT, 'pb_migrations')).sort().at(-1) as string,
    ...overrides,
    logger,
  });
  const url = await app.start();
  return { url, app, lines, stop: () => app.stop() };
}
