import express from 'express';
import request from 'supertest';
import { correlation } from '../../../api/src/http/correlation.ts';
import { problemHandler } from '../../../api/src/http/problem.ts';
import { createRateLimit } from '../../../api/src/ingest/rate-limit.ts';
import { createByteBudget } from '../../../api/src/ingest/read-body.ts';
import { ingestRouter } from '../../../api/src/ingest/router.ts';
import { createMetrics } from '../../../api/src/ops/metrics.ts';
import { createConfigurationCache } from '../../../api/src/store/configuration.ts';
import { collectingLogger } from '../../support/logger.ts';

it('before the configuration was read, 503 and not 404: a producer must come back', async () => {
  const { logger } = collectingLogger();
  const configuration = createConfigurationCache({
    load: async () => ({
      version: 1,
      sources: [],
      destinations: [],
      mappings: [],
      unreadable: [],
    }),
    logger,
  });
  const { router: ingest } = ingestRouter({
    ingest: () => Promise.reject(new Error('must not be called')),
    configuration,
    rejections: { record: () => {} },
    rateLimit: createRateLimit({ now: Date.now }),
    budget: createByteBudget(1_000),
    logger,
    metrics: createMetrics(),
    now: Date.now,
  });
  const app = express().use(correlation()).use('/ingest', ingest).use(problemHandler({ logger }));

  const early = await request(app).post('/ingest/github').send({});
  expect(early.status).toBe(503);
  expect(early.headers['retry-after']).toBe('5');
  expect(early.body.code).toBe('store_unavailable');

  await configuration.refresh();
  const later = await request(app).post('/ingest/github').send({});
  expect(later.status).toBe(404);
  expect(later.body.code).toBe('unknown_source');
});
