import { createHash } from 'node:crypto';
import type PocketBase from 'pocketbase';
import type { Clock } from '../../model/ids.ts';
import { storeTime } from '../../model/time.ts';
import { faultFields, type Logger } from '../../ops/logger.ts';
import type { ApiKey, ApiKeys } from '../api-keys.ts';
import type { Actor } from '../records.ts';
import type { WriteAudit } from './audit.ts';
import { notFound, toStoreProblem, withTimeout } from './faults.ts';
import { listByCreation } from './list-by-creation.ts';

export interface ApiKeysDeps {
  pb: PocketBase;
  writeAudit: WriteAudit;
  makeId: () => string;
  now: Clock;
  logger: Pick<Logger, 'warn'>;
}

const FIELDS = 'id,account,name,prefix,role,last_used_at,expires_at,created';
const USED_AGAIN_MS = 60_000;

/** Keys over the collection `api_keys`, which no user sees. */
export function createApiKeys({ pb, writeAudit, makeId, now, logger }: ApiKeysDeps): ApiKeys {
  const keys = pb.collection<ApiKey>('api_keys');

  /** Written before what it tells of: no key comes or goes unaudited. */
  async function audit(action: string, key: Pick<ApiKey, 'id' | 'account' | 'name' | 'role'>, actor: string) {
    const { id, account, name, role } = key;
    await writeAudit({ account, action, actor, subject_type: 'api_key', subject: id, detail: { name, role } });
  }

  return {
    list: (scope, page) =>
      orProblem('API keys', async () => {
        const condition = scope && pb.filter('account = {:scope}', { scope });
        const { data, next_cursor } = await listByCreation(pb, 'api_keys', { fields: FIELDS, condition }, page);
        return { data: data as unknown as ApiKey[], next_cursor };
      }),

    create: (key, actor) =>
      orProblem('API key', async () => {
        const id = makeId();
        await audit('api_key.create', { id, ...key }, actor);
        return keys.create({ id, ...key }, { fields: FIELDS, ...withTimeout() });
      }),

    remove: (id, scope, actor) =>
      orProblem(`API key ${id}`, async () => {
        const filter = pb.filter(`id = {:id}${scope ? ' && account = {:scope}' : ''}`, { id, scope });
        const [key] = (await keys.getList(1, 1, { filter, fields: FIELDS, skipTotal: true, ...withTimeout() })).items;
        if (!key) throw notFound(`API key ${id}`);
        await audit('api_key.revoke', key, actor);
        await keys.delete(id, withTimeout());
      }),

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
