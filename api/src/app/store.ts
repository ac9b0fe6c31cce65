import { KINDS, type KindName, type ViewName } from '../kinds/index.ts';
import type { Clock } from '../model/ids.ts';
import { createNotificationsCache } from '../notifications/sites/view.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import { pause } from '../ops/pause.ts';
import { createWriteProbe } from '../ops/write-probe.ts';
import { createConfigurationCache } from '../store/configuration.ts';
import { readFailedAgain } from '../store/configuration-cache.ts';
import { createAccounts } from '../store/pocketbase/accounts.ts';
import { createApiKeys } from '../store/pocketbase/api-keys.ts';
import { createListAudit } from '../store/pocketbase/audit.ts';
import { createBrowserSessions } from '../store/pocketbase/browser-sessions.ts';
import type { CallDeps } from '../store/pocketbase/call.ts';
import { createReadChanges } from '../store/pocketbase/changes.ts';
import { createServiceClient, describeOutage } from '../store/pocketbase/client.ts';
import { loadConfiguration, watchConfiguration } from '../store/pocketbase/configuration.ts';
import { createHitCounting } from '../store/pocketbase/counting.ts';
import { createReadDeletedNames } from '../store/pocketbase/deleted-names.ts';
import { createReadHealth } from '../store/pocketbase/health.ts';
import { createHistory } from '../store/pocketbase/history.ts';
import { createHitStore } from '../store/pocketbase/hits.ts';
import { createLeanFetch } from '../store/pocketbase/lean-fetch.ts';
import { createLogIn } from '../store/pocketbase/log-in.ts';
import { createReadOverview } from '../store/pocketbase/overview.ts';
import { createPasswords } from '../store/pocketbase/passwords.ts';
import { createPocketBaseQueue } from '../store/pocketbase/queue.ts';
import { createRecords } from '../store/pocketbase/records.ts';
import { createListRejections, createStoreRejection } from '../store/pocketbase/rejections.ts';
import { createReplays } from '../store/pocketbase/replays.ts';
import { createRetain } from '../store/pocketbase/retention.ts';
import { createSearch, createSearchHistory } from '../store/pocketbase/search.ts';
import { createDecrypt } from '../store/pocketbase/secrets.ts';
import { createSessions } from '../store/pocketbase/sessions.ts';
import { createRevealSecret } from '../store/pocketbase/source-secrets.ts';
import { createStarterMark } from '../store/pocketbase/starter-mark.ts';
import { createStatisticsStore } from '../store/pocketbase/statistics.ts';
import { createTriggerStore } from '../store/pocketbase/triggers.ts';
import { createUpkeep } from '../store/pocketbase/upkeep.ts';
import { createUsers } from '../store/pocketbase/users.ts';
import { createWriteOnce } from '../store/pocketbase/write-probe.ts';
import { assembleCommits } from './commits.ts';

export interface StoreDeps {
  url: string;
  encryptionKeys: string;
  /** Characters that may wait for a commit, of each kind. */
  waitingCharacters: number;
  makeId: () => string;
  now: Clock;
  logger: Logger;
  metrics: Metrics;
}

export type Store = ReturnType<typeof assembleStore>;

/** A lease outlives the slowest attempt by what settling may take. */
const LEASE_MARGIN_MS = 15_000;

/** PocketBase behind the ports of store/, and the configuration in force. */
export function assembleStore(deps: StoreDeps) {
  const { url, encryptionKeys, waitingCharacters, makeId, now, logger, metrics } = deps;
  const fetch = createLeanFetch();
  const pb = createServiceClient({ url, fetch, encryptionKeys, logger });
  const calls: CallDeps = { pb, metrics, onConfigVersion: (version, view) => views[view].seen(version) };

  const decrypt = createDecrypt(encryptionKeys);
  let schema: string | undefined;
  const load =
    <K extends KindName>(view: ViewName) =>
    async (since: number | undefined, signal: AbortSignal) => {
      const loaded = await loadConfiguration<K>({ ...calls, decrypt }, view, since, signal);
      schema = loaded.schema;
      return loaded;
    };
  const configuration = createConfigurationCache({ load: load('gateway'), logger });
  const notifications = createNotificationsCache({ load: load('notifications'), logger });
  const views = { gateway: configuration, notifications };
  const refresh = () => Promise.all(Object.values(views).map((view) => view.refresh()));

  const owner = makeId();
  const queue = createPocketBaseQueue(calls, {
    owner,
    leaseMs: () => configuration.current.longestTimeoutMs + LEASE_MARGIN_MS,
  });
  const probeWrites = createWriteProbe({ write: createWriteOnce(calls), describeOutage, now, logger });
  const logIn = createLogIn(pb);
  const apiKeys = createApiKeys({ pb, makeId, now, logger, onEnded: () => sessions.forget() });
  const sessions = createSessions({ logIn, url, fetch, now, identifyKey: apiKeys.identify });

  return {
    configuration,
    notifications,
    /** The part of the configuration in force that a kind is in. */
    viewOf: (kind: KindName) => views[KINDS[kind].view],
    /** Reads what changed in all of them. */
    refreshViews: refresh,
    /** Keeps the configuration, and who holds which token, up to date until the function that it resolves to is called. */
    async watchConfiguration() {
      const { gateway, notifications } = views;
      const onVersion = { gateway: gateway.seen, notifications: notifications.seen };
      const unwatch = await watchConfiguration(pb, onVersion, sessions.forget, () => {
        sessions.forget();
        void refresh().catch(() => undefined);
      });
      const stopping = new AbortController();
      const readingAgain = readFailedAgain(Object.values(views), pause, stopping.signal);
      return async () => {
        stopping.abort();
        await Promise.all([unwatch(), readingAgain, ...Object.values(views).map((view) => view.close())]);
      };
    },
    /** The newest migration that PocketBase applied; undefined until the configuration has been read. */
    appliedSchema: () => schema,
    /** Why it can't be read or written now; undefined: it can. */
    describeProblem: () => queue.stats().then(probeWrites, describeOutage),
    ...assembleCommits({ queue, waitingCharacters, metrics }),
    queue,
    history: createHistory({ pb, search: createSearchHistory(calls) }),
    search: createSearch(calls),
    readChanges: createReadChanges(calls),
    replays: createReplays(calls, owner),
    hits: createHitStore(calls, owner),
    counting: createHitCounting(calls),
    triggers: createTriggerStore(calls, owner),
    statistics: createStatisticsStore(calls),
    storeRejection: createStoreRejection({ ...calls, makeId }),
    listRejections: createListRejections({ pb }),
    listAudit: createListAudit({ pb }),
    readDeletedNames: createReadDeletedNames({ pb }),
    readHealth: createReadHealth({ pb }),
    readOverview: createReadOverview(calls),
    records: createRecords({ pb }),
    revealSecret: createRevealSecret({ ...calls, decrypt }),
    apiKeys,
    sessions,
    browserSessions: createBrowserSessions({ ...calls, logIn }),
    accounts: createAccounts({ pb }),
    users: createUsers({ pb, onEnded: sessions.forget }),
    passwords: createPasswords({ ...calls, onEnded: sessions.forget }),
    starterMark: createStarterMark(calls),
    upkeep: createUpkeep(calls, encryptionKeys),
    retain: createRetain(calls),
  };
}
