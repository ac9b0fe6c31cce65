import type { Submit } from '../dispatch/submit.ts';
import { createDescribe } from '../ingest/describe.ts';
import { createKeepSecret } from '../ingest/handshakes/keep-secret.ts';
import { createIngest } from '../ingest/ingest.ts';
import { createPlanner } from '../ingest/plan.ts';
import { createAnswerProducer } from '../ingest/producer-answer.ts';
import { createRateLimit } from '../ingest/rate-limit.ts';
import { createByteBudget } from '../ingest/read-body.ts';
import { createRejectionRecorder } from '../ingest/rejections.ts';
import { ingestRouter } from '../ingest/router.ts';
import { createSplit } from '../ingest/split.ts';
import { createVerify, type Get } from '../ingest/verification/index.ts';
import type { Clock } from '../model/ids.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { Store } from './store.ts';

export interface IntakeDeps {
  store: Pick<Store, 'configuration' | 'records' | 'storeRejection'>;
  /** Where an event goes that was described and planned. */
  submit: Submit;
  /** Asks another server, through the guard of deliveries. */
  get: Get;
  /** How long a delivery may try. */
  expiresInMs: number;
  /** Of the dashboard; default bodies link to the event there. */
  publicUrl: string | undefined;
  /** Bytes of the bodies whose requests are not answered yet. */
  requestBytes: number;
  makeId: () => string;
  now: Clock;
  logger: Logger;
  metrics: Metrics;
}

export type Intake = ReturnType<typeof assembleIntake>;

/** `/ingest`, and what describes and plans an event, a new one or one of the past. */
export function assembleIntake(deps: IntakeDeps) {
  const { store, submit, expiresInMs, publicUrl, makeId, now, logger, metrics } = deps;
  const { configuration } = store;
  const split = createSplit();
  const describe = createDescribe();
  const planner = createPlanner({ makeId, expiresInMs, publicUrl });
  const rateLimit = createRateLimit({ now: () => performance.now() });
  const verify = createVerify(deps.get);
  const keepSecret = createKeepSecret({ records: store.records, configuration });
  const answerProducer = createAnswerProducer();
  const rejections = createRejectionRecorder({ store: store.storeRejection, logger });
  const ingest = createIngest({
    configuration,
    split,
    describe,
    planner,
    verify,
    keepSecret,
    answerProducer,
    get: deps.get,
    rateLimit,
    submit,
    now,
    makeId,
  });
  const budget = createByteBudget(deps.requestBytes);
  return {
    routes: ingestRouter({ ingest, configuration, rejections, rateLimit, budget, logger, metrics, now }),
    split,
    describe,
    planner,
    rejections,
    budget,
  };
}
