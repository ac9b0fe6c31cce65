import { createHash } from 'node:crypto';
import type PocketBase from 'pocketbase';
import type { Clock } from '../../model/ids.ts';
import { storeTime } from '../../model/time.ts';
import { faultFields, type Logger } from '../../ops/logger.ts';
import type { ApiKey, ApiKeys } from '../api-keys.ts';
import type { Actor } from '../records.ts';
import { toStoreProblem, withTimeout } from './faults.ts';
import { listByCreation } from './list-by-creation.ts';
import { changeRecord, goneSince } from './write.ts';

export interface ApiKeysDeps {
  pb: PocketBase;
  makeId: () => string;
  now: Clock;
  logger: Pick<Logger, 'warn'>;
}

const FIELDS = 'id,account,name,prefix,role,last_used_at,expires_at,created';
const USED_AGAIN_MS = 60_000;

/** Keys over the collection `api_keys`, which no user sees. */
export function createApiKeys({ pb, makeId, now, logger }: ApiKeysDeps): ApiKeys {
  const keys = pb.collection<ApiKey>('api_keys');

  return {
    list: (scope, page) =>
      orProblem('API keys', async () => {
        const condition = scope && pb.filter('account = {:scope}', { scope });
        const { data, next_cursor } = await listByCreation(pb, 'api_keys', { fields: FIELDS, condition }, page);
        return { data: data as unknown as ApiKey[], next_cursor };
      }),

    async create(key, write) {
      const made = await changeRecord<ApiKey>(pb, write, {
        method: 'POST',
        collection: 'api_keys',
        body: { id: makeId(), ...key },
        fields: FIELDS,
        scope: undefined,
        what: 'API key',
      });
      if (!made.repeated) return made;
      const read = () => keys.getOne<ApiKey>(made.id, { fields: FIELDS, ...withTimeout() });
      return orProblem('API key', read).catch((fault) => {
        throw goneSince(fault, 'API key');
      });
    },

    async remove(id, scope, write) {
      await changeRecord(pb, write, { method: 'DELETE', collection: 'api_keys', id, scope, what: `API key ${id}` });
    },

    identify: (text) =>
      orProblem('API key', async () => {
        // Looked up by its hash: how long that takes tells nothing about the key.
        const filter = pb.filter('hash = {:hash}', { hash: createHash('sha256').update(text).digest('hex') });
        const [key] = (await keys.getList(1, 1, { filter, fields: FIELDS, skipTotal: true, ...withTimeout() })).items;
        if (!key || (key.expires_at && Date.parse(key.expires_at) <= now())) return undefined;
        if (!key.last_used_at || Date.parse(key.last_used_at) <= now() - USED_AGAIN_MS) noteUse(key.id);
        return toActor(key);
      }),
  };

  /** Nobody waits for it, and nothing depends on it. */
  function noteUse(id: string): void {
    keys
      .update(id, { last_used_at: storeTime(now()) }, withTimeout())
      .catch((fault) => logger.warn('use of an API key not noted', faultFields(fault)));
  }
}

/** Role and account have to fit: no account at all means every account, so it is asked for twice. */
function toActor({ name, prefix, role, account }: ApiKey): Actor | undefined {
  if (role === 'operator') return account === '' ? { kind: 'key', name, prefix, role } : undefined;
  return account === '' ? undefined : { kind: 'key', name, prefix, role, account };
}

async function orProblem<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    throw toStoreProblem(fault, what);
  }
}
