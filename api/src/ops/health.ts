import { Router } from 'express';
import { PROBLEMS } from '../model/problems.ts';
import type { Metrics } from './metrics.ts';

/** One thing that must hold for the process to do its work; a sentence says why it does not. */
export interface Readiness {
  name: string;
  check: () => Promise<string | undefined>;
  /** The rest of its work goes on without it: the process is ready, but degraded. */
  degrades?: boolean;
}

export interface HealthDeps {
  readiness: Readiness[];
  metrics: Metrics;
  /** For the queue's gauges; a store that is away must not cost the other metrics. */
  readQueue: () => Promise<Parameters<Metrics['observeQueue']>[0]>;
}

/** `/healthz`: the process answers. `/readyz`: it can do its work, or what is missing. `/metrics`: Prometheus. */
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
    response.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics());
  });
  return router;
}
