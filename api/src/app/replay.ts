import type { Submit } from '../dispatch/submit.ts';
import { planOf } from '../ingest/plan.ts';
import { createReplan } from '../ingest/replan.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import { pause } from '../ops/pause.ts';
import { createBulkReplay } from '../replay/many.ts';
import { createReplay } from '../replay/one.ts';
import { createReplayPlanner } from '../replay/plan.ts';
import { createReplayWorker } from '../replay/worker.ts';
import type { Intake } from './intake.ts';
import type { Notifications } from './notifications.ts';
import type { Store } from './store.ts';

export interface ReplayDeps {
  store: Pick<Store, 'configuration' | 'history' | 'replays'>;
  intake: Pick<Intake, 'split' | 'describe' | 'planner'>;
  watching: Pick<Notifications, 'replanFiring'>;
  submit: Submit;
  /** How long a delivery may try. */
  expiresInMs: number;
  makeId: () => string;
  logger: Logger;
  metrics: Metrics;
}

export type Replaying = ReturnType<typeof assembleReplay>;

/** Past events again: one at once, many by a worker. */
export function assembleReplay({ store, intake, watching, submit, expiresInMs, makeId, logger, metrics }: ReplayDeps) {
  const { configuration, history, replays } = store;
  const replan = createReplan({ configuration, ...intake });
  const planner = createReplayPlanner({
    configuration,
    replan: async (event) => (event.trigger === '' ? planOf(await replan(event)) : watching.replanFiring(event)),
    expiresInMs,
  });
  const worker = createReplayWorker({
    planner,
    replays,
    submit,
    logger,
    metrics,
    elapsed: () => performance.now(),
    sleep: pause,
  });
  return {
    replay: createReplay({ configuration, history, replays, planner, submit, makeId }),
    bulkReplay: createBulkReplay({ planner, replays, configuration, makeId, wake: worker.wake }),
    worker,
  };
}
