import type { Guard } from '../delivery/guard.ts';
import type { Submit } from '../dispatch/submit.ts';
import { makeCorrelationId } from '../http/correlation-id.ts';
import type { Clock } from '../model/ids.ts';
import { createAsk } from '../notifications/counting/plausible/ask.ts';
import { createPlausibleCounting } from '../notifications/counting/plausible/counting.ts';
import { createRoutedCounting } from '../notifications/counting/routed.ts';
import { createTestGoal } from '../notifications/goals/test-goal.ts';
import { createReadHits } from '../notifications/hits/read-hits.ts';
import { createReadSiteHits } from '../notifications/sites/read-site-hits.ts';
import { createReadVisitors } from '../notifications/sites/read-visitors.ts';
import { createBacktestTrigger } from '../notifications/triggers/backtest-trigger.ts';
import { createEvaluator } from '../notifications/triggers/evaluator.ts';
import { createFire } from '../notifications/triggers/fire.ts';
import { createReadDetails } from '../notifications/triggers/read-details.ts';
import { createReadStanding } from '../notifications/triggers/read-standing.ts';
import { createReplanFiring } from '../notifications/triggers/replan-firing.ts';
import { createTestTrigger } from '../notifications/triggers/test-trigger.ts';
import { faultFields, type Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import { pause } from '../ops/pause.ts';
import type { Store } from './store.ts';

export interface NotificationsDeps {
  store: Pick<Store, 'configuration' | 'notifications' | 'counting' | 'triggers' | 'hits' | 'statistics'>;
  submit: Submit;
  /** How long a delivery may try. */
  expiresInMs: number;
  /** Of the dashboard, where people see an event. */
  publicUrl: string | undefined;
  /** What statistics may be read from. */
  guard: Guard;
  userAgent: string;
  makeId: () => string;
  now: Clock;
  logger: Logger;
  metrics: Metrics;
}

export type Notifications = ReturnType<typeof assembleNotifications>;

/** What watches sites and raises events, and what makes a raised event anew. */
export function assembleNotifications(deps: NotificationsDeps) {
  const { store, submit, expiresInMs, publicUrl, makeId, now, logger, metrics } = deps;
  const { configuration, notifications, triggers } = store;
  const stopping = new AbortController();
  const { ask, close } = createAsk({ guard: deps.guard, userAgent: deps.userAgent, signal: stopping.signal });
  const plausible = createPlausibleCounting({
    ask,
    notifications,
    kept: store.counting,
    onHealth: (changed) =>
      void store.statistics
        .save(changed)
        .catch((fault) => logger.debug('how sites are read not stored', faultFields(fault))),
    now,
  });
  const counting = createRoutedCounting({ notifications, hits: store.counting, plausible });
  const readDetails = createReadDetails({ counting, publicUrl });
  const fire = createFire({ configuration, readDetails, submit, expiresInMs, makeCorrelationId, now });
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
    testGoal: createTestGoal(notifications),
    testTrigger: createTestTrigger({ configuration, notifications, readDetails, submit, makeId, now }),
    backtestTrigger: createBacktestTrigger({ notifications, counting, now }),
    readHits: createReadHits({ readTally: store.hits.readTally, counting, notifications }),
    readSiteHits: createReadSiteHits({ notifications, counting, triggers }),
    readVisitors: createReadVisitors({ notifications, counting, kept: store.counting, now }),
    readStanding: createReadStanding({ notifications, counting, triggers }),
    /** Ends the requests under way; call it when nothing evaluates any more. */
    async close() {
      stopping.abort();
      await plausible.settled();
      close();
    },
    replanFiring: createReplanFiring({ configuration, notifications, makeId, expiresInMs }),
  };
}
