import type { RequestHandler } from 'express';
import { createCompareSecrets } from '../configuration/compare-secrets.ts';
import { createEditing } from '../configuration/editing.ts';
import { createNewSecret } from '../configuration/new-secrets.ts';
import type { Contract } from '../http/openapi.ts';
import { createFollow } from '../live/follow.ts';
import { consoleRouter } from '../management/console.ts';
import { docsRouter } from '../management/docs.ts';
import { managementRouter } from '../management/router.ts';
import type { Clock } from '../model/ids.ts';
import { createWebhooks } from '../notifications/webhooks/webhooks.ts';
import type { Logger } from '../ops/logger.ts';
import { pause } from '../ops/pause.ts';
import { createBacktest } from '../rules/backtest.ts';
import { createExplain, createExplainDecisions } from '../rules/explain.ts';
import { createPreview } from '../rules/preview.ts';
import { createTestDestination } from '../rules/test-destination.ts';
import type { Delivery } from './delivery.ts';
import type { Intake } from './intake.ts';
import type { Notifications } from './notifications.ts';
import type { Replaying } from './replay.ts';
import type { Store } from './store.ts';

export interface ManagementDeps {
  contract: Contract;
  /** Folder of the API reference's page. */
  docsDir: string;
  /** The built console. */
  consoleDir: string;
  encryptionKeys: string;
  /** Where people open it; undefined: nobody said so. */
  publicUrl: string | undefined;
  /** File name of the newest migration that this code knows. */
  schema: string;
  store: Store;
  intake: Pick<Intake, 'split' | 'describe' | 'planner' | 'budget'>;
  delivery: Pick<Delivery, 'attempt' | 'dispatcher'>;
  replaying: Pick<Replaying, 'replay' | 'bulkReplay'>;
  watching: Pick<
    Notifications,
    | 'replanFiring'
    | 'backtestTrigger'
    | 'testTrigger'
    | 'testGoal'
    | 'readStanding'
    | 'readHits'
    | 'readSiteHits'
    | 'readVisitors'
  >;
  /** Aborted when this process stops. */
  stopping: AbortSignal;
  makeId: () => string;
  now: Clock;
  logger: Logger;
}

export interface Management {
  router: RequestHandler;
  docs: RequestHandler;
  console: RequestHandler;
}

/** `/api/v1` over the store, the rules and replay; its reference; and the console. */
export function assembleManagement(deps: ManagementDeps): Management {
  const { contract, docsDir, consoleDir, encryptionKeys, schema, store, delivery, replaying, makeId, now, logger } =
    deps;
  const { configuration, viewOf, history, records, queue } = store;
  const { budget, ...describing } = deps.intake;
  const rules = { configuration, history, records, ...describing, makeId, now };
  const newSecret = createNewSecret(encryptionKeys);
  const editing = createEditing({ records, newSecret, viewOf });
  return {
    router: managementRouter({
      ...replaying,
      budget,
      contract,
      schema,
      viewOf,
      history,
      records,
      sessions: store.sessions,
      browserSessions: store.browserSessions,
      accounts: store.accounts,
      users: store.users,
      passwords: store.passwords,
      publicUrl: deps.publicUrl,
      apiKeys: store.apiKeys,
      replays: store.replays,
      listRejections: store.listRejections,
      listAudit: store.listAudit,
      readDeletedNames: store.readDeletedNames,
      readHealth: store.readHealth,
      readOverview: store.readOverview,
      search: store.search,
      upkeep: store.upkeep,
      command: queue.command,
      commandMany: queue.commandMany,
      revealSecret: store.revealSecret,
      commandDestination: queue.commandDestination,
      refreshConfiguration: configuration.refresh,
      wake: delivery.dispatcher.wake,
      newSecret,
      editing,
      compareSecrets: createCompareSecrets({ records, viewOf }),
      webhooks: createWebhooks({ records, editing, notifications: store.notifications, newSecret, now }),
      preview: createPreview(rules),
      backtest: createBacktest(rules),
      backtestTrigger: deps.watching.backtestTrigger,
      testTrigger: deps.watching.testTrigger,
      testGoal: deps.watching.testGoal,
      readStanding: deps.watching.readStanding,
      readHits: deps.watching.readHits,
      readSiteHits: deps.watching.readSiteHits,
      readVisitors: deps.watching.readVisitors,
      triggers: store.triggers,
      follow: createFollow({ readChanges: store.readChanges, sleep: pause }),
      sleep: pause,
      stopping: deps.stopping,
      statistics: store.statistics,
      notifications: store.notifications,
      explain: createExplain({ ...rules, replanFiring: deps.watching.replanFiring }),
      explainDecisions: createExplainDecisions(rules),
      testDestination: createTestDestination({ ...rules, deliver: delivery.attempt }),
      now,
      logger,
    }),
    docs: docsRouter({ contract, dir: docsDir }),
    console: consoleRouter(consoleDir),
  };
}
