import type PocketBase from 'pocketbase';
import type { Clock } from '../../model/ids.ts';
import { hashOf } from '../../model/tokens.ts';
import { faultFields, type Logger } from '../../ops/logger.ts';
import type { ApiKey, ApiKeys } from '../api-keys.ts';
import type { Actor } from '../records.ts';
import { withTimeout } from './faults.ts';
import { listPage } from './pages.ts';
import { type Condition, findRows } from './rows.ts';
import { toStoreTime } from './times.ts';
import { changeRecord, goneSince } from './write.ts';

export interface ApiKeysDeps {
  pb: PocketBase;
  makeId: () => string;
  now: Clock;
  logger: Pick<Logger, 'warn'>;
  /** Called after a key was revoked. */
  onEnded: () => void;
}

const FIELDS = 'id,account,name,prefix,role,made_by,last_used_at,expires_at,created';
const USED_AGAIN_MS = 60_000;

/** Keys over the collection `api_keys`, which no user sees. */
export function createApiKeys({ pb, makeId, now, logger, onEnded }: ApiKeysDeps): ApiKeys {
  const findOne = async (...condition: Condition): Promise<ApiKey | undefined> => {
    const query = { collection: 'api_keys', fields: FIELDS, conditions: [condition], limit: 1 };
    return (await findRows<ApiKey>(pb, query))[0];
  };

  return {
    list: (scope, page) => {
      const conditions: Condition[] = [['account = {:0}', scope]];
      const order = { by: 'created', newestFirst: false } as const;
      return listPage<ApiKey>(pb, { collection: 'api_keys', fields: FIELDS, conditions, ...order }, page);
    },

    async create({ expires_at, ...key }, write) {
      const made = await changeRecord<ApiKey>(pb, write, {
        method: 'POST',
        collection: 'api_keys',
        body: { id: makeId(), ...key, expires_at: expires_at === null ? '' : toStoreTime(expires_at) },
        fields: FIELDS,
        scope: undefined,
        what: 'API key',
      });
      if (!made.repeated) return made;
      const earlier = await findOne('id = {:0}', made.id);
      if (!earlier) throw goneSince('API key');
      return earlier;
    },

    async remove(id, scope, write) {
      await changeRecord(pb, write, { method: 'DELETE', collection: 'api_keys', id, scope, what: `API key ${id}` });
      onEnded();
    },

    async identify(text) {
      // Looked up by its hash: how long that takes tells nothing about the key.
      const key = await findOne('hash = {:0}', hashOf(text));
      if (!key || (key.expires_at !== null && Date.parse(key.expires_at) <= now())) return undefined;
      if (key.last_used_at === null || Date.parse(key.last_used_at) <= now() - USED_AGAIN_MS) noteUse(key.id);
      return toActor(key);
    },
  };

  /** Runs in the background; a failure is only logged. */
  function noteUse(id: string): void {
    pb.collection('api_keys')
      .update(id, { last_used_at: new Date(now()) }, withTimeout())
      .catch((fault) => logger.warn('use of an API key not noted', faultFields(fault)));
  }
}

/** An empty account grants every account, so the role must be operator as well; neither counts alone. */
function toActor({ name, prefix, role, account, made_by }: ApiKey): Actor | undefined {
  const key = { kind: 'key', name, prefix, made_by } as const;
  if (role === 'operator') return account === '' ? { ...key, role } : undefined;
  return account === '' ? undefined : { ...key, role, account };
}
