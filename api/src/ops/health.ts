import { Router } from 'express';
import { PROBLEMS } from '../model/problems.ts';
import type { Metrics } from './metrics.ts';

/** One readiness check; a returned sentence says why it fails. */
export interface Readiness {
  name: string;
  check: () => Promise<string | undefined>;
  /** A failure of this check leaves the process ready, but degraded. */
  degrades?: boolean;
}

export interface HealthDeps {
  readiness: Readiness[];
  metrics: Pick<Metrics, 'observeQueue' | 'queueRegistry'>;
  /** What was counted, as Prometheus reads it. */
  readMetrics: () => Promise<string>;
  /** Reads the values of the queue's gauges; if the store is away, the other metrics are still returned. */
  readQueue: () => Promise<Parameters<Metrics['observeQueue']>[0]>;
}

/** `/healthz`: liveness. `/readyz`: readiness, or which check fails. `/metrics`: metrics for Prometheus. */
export function healthRouter(deps: HealthDeps): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    const checks = await Promise.all(
      deps.readiness.map(async ({ name, check, degrades = false }) => ({ name, degrades, problem: await check() })),
    );
    const failed = checks.filter(({ problem }) => problem !== undefined);
    const ready = failed.every(({ degrades }) => degrades);
    if (!ready) response.setHeader('Retry-After', String(PROBLEMS.store_unavailable.retryAfter));
    response.status(ready ? 200 : 503).json({
      status: failed.length === 0 ? 'ready' : ready ? 'degraded' : 'not ready',
      checks: Object.fromEntries(checks.map(({ name, problem }) => [name, problem ?? 'ok'])),
    });
  });
  router.get('/metrics', async (_request, response) => {
    const reading = await deps.readQueue().catch(() => undefined);
    if (reading) deps.metrics.observeQueue(reading);
    const { queueRegistry } = deps.metrics;
    const texts = await Promise.all([deps.readMetrics(), queueRegistry.metrics()]);
    response.type(queueRegistry.contentType).send(texts.join('\n'));
  });
  return router;
}
