import { DEFAULT_TIMEOUT_MS, type Destination } from '../model/configuration.ts';
import type { Clock } from '../model/ids.ts';
import { followConfiguration } from '../notifications/sites/view.ts';
import type { Logger } from '../ops/logger.ts';
import type { Metrics } from '../ops/metrics.ts';
import { createWriteProbe } from '../ops/write-probe.ts';
import { createConfigurationCache } from '../store/configuration.ts';
import { createApiKeys } from '../store/pocketbase/api-keys.ts';
import { createListAudit } from '../store/pocketbase/audit.ts';
import type { CallDeps } from '../store/pocketbase/call.ts';
import { createServiceClient, describeOutage } from '../store/pocketbase/client.ts';
import { loadConfiguration, watchConfiguration } from '../store/pocketbase/configuration.ts';
import { createReadDeletedNames } from '../store/pocketbase/deleted-names.ts';
import { createReadHealth } from '../store/pocketbase/health.ts';
import { createHistory } from '../store/pocketbase/history.ts';
import { createHitStore } from '../store/pocketbase/hits.ts';
import { createLeanFetch } from '../store/pocketbase/lean-fetch.ts';
import { createPocketBaseQueue } from '../store/pocketbase/queue.ts';
import { createRecords } from '../store/pocketbase/records.ts';
import { createListRejections, createStoreRejection } from '../store/pocketbase/rejections.ts';
import { createReplays } from '../store/pocketbase/replays.ts';
import { createRetain } from '../store/pocketbase/retention.ts';
import { createDecrypt } from '../store/pocketbase/secrets.ts';
import { createSessions } from '../store/pocketbase/sessions.ts';
import { createStarterMark } from '../store/pocketbase/starter-mark.ts';
import { createUpkeep } from '../store/pocketbase/upkeep.ts';
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
  const calls: CallDeps = { pb, metrics, onConfigVersion: (version) => configuration.seen(version) };

  const decrypt = createDecrypt(encryptionKeys);
  let schema: string | undefined;
  const configuration = createConfigurationCache({
    load: async () => {
      const loaded = await loadConfiguration(calls, decrypt);
      schema = loaded.schema;
      return loaded;
    },
    logger,
  });
  const refresh = () => void configuration.refresh().catch(() => undefined);

  const owner = makeId();
  const queue = createPocketBaseQueue(calls, { owner, leaseMs: () => leaseMs(configuration.current.destinations) });
  const probeWrites = createWriteProbe({ write: createWriteOnce(calls), describeOutage, now, logger });
  const apiKeys = createApiKeys({ pb, makeId, now, logger });

  return {
    configuration,
    /** Keeps the configuration up to date until the function that it resolves to is called. */
    watchConfiguration: () => watchConfiguration(pb, configuration.seen, refresh),
    /** The newest migration that PocketBase applied; undefined until the configuration has been read. */
    appliedSchema: () => schema,
    /** Why it can't be read or written now; undefined: it can. */
    describeProblem: () => queue.stats().then(probeWrites, describeOutage),
    ...assembleCommits({ queue, waitingCharacters, metrics }),
    queue,
    history: createHistory({ pb }),
    replays: createReplays(calls, owner),
    hits: createHitStore(calls, owner),
    /** Sites, goals and triggers in force. */
    notifications: followConfiguration(configuration),
    storeRejection: createStoreRejection({ ...calls, makeId }),
    listRejections: createListRejections({ pb }),
    listAudit: createListAudit({ pb }),
    readDeletedNames: createReadDeletedNames({ pb }),
    readHealth: createReadHealth({ pb }),
    records: createRecords({ pb }),
    apiKeys,
    sessions: createSessions({ pb, url, fetch, now, identifyKey: apiKeys.identify }),
    starterMark: createStarterMark(calls),
    upkeep: createUpkeep(calls, encryptionKeys),
    retain: createRetain(calls),
  };
}

function leaseMs(destinations: readonly Pick<Destination, 'timeout_ms'>[]): number {
  const timeouts = destinations.map(({ timeout_ms }) => timeout_ms || DEFAULT_TIMEOUT_MS);
  return Math.max(DEFAULT_TIMEOUT_MS, ...timeouts) + LEASE_MARGIN_MS;
}
