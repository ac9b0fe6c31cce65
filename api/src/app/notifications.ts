import { v7 as makeCorrelationId } from 'uuid';
import type { Submit } from '../dispatch/submit.ts';
import type { Clock } from '../model/ids.ts';
import { createReadHits } from '../notifications/hits/read-hits.ts';
import { createReadSiteHits } from '../notifications/sites/read-site-hits.ts';
import { createBacktestTrigger } from '../notifications/triggers/backtest-trigger.ts';
import { createEvaluator } from '../notifications/triggers/evaluator.ts';
import { createFire } from '../notifications/triggers/fire.ts';
import { createReadStanding } from '../notifications/triggers/read-standing.ts';
import { createReplanFiring } from '../notifications/triggers/replan-firing.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import { pause } from '../ops/pause.ts';
import type { Store } from './store.ts';

export interface NotificationsDeps {
  store: Pick<Store, 'configuration' | 'notifications' | 'counting' | 'triggers' | 'hits'>;
  submit: Submit;
  /** How long a delivery may try. */
  expiresInMs: number;
  /** Of the dashboard, where people see an event. */
  publicUrl: string | undefined;
  makeId: () => string;
  now: Clock;
  logger: Logger;
  metrics: Metrics;
}

export type Notifications = ReturnType<typeof assembleNotifications>;

/** What watches sites and raises events, and what makes a raised event anew. */
export function assembleNotifications(deps: NotificationsDeps) {
  const { store, submit, expiresInMs, publicUrl, makeId, now, logger, metrics } = deps;
  const { configuration, notifications, counting, triggers } = store;
  const fire = createFire({ configuration, counting, submit, expiresInMs, publicUrl, makeCorrelationId, now });
  return {
    evaluator: createEvaluator({
      notifications,
      counting,
      triggers,
      fire,
      elapsed: () => performance.now(),
      sleep: pause,
      logger,
      metrics,
    }),
    backtestTrigger: createBacktestTrigger({ notifications, counting, now }),
    readHits: createReadHits({ readTally: store.hits.readTally, counting, notifications }),
    readSiteHits: createReadSiteHits({ notifications, counting, triggers }),
    readStanding: createReadStanding({ notifications, counting, triggers }),
    replanFiring: createReplanFiring({ configuration, notifications, makeId, expiresInMs }),
  };
}
