import type PocketBase from 'pocketbase';
import type { AccountScope, PageRequest, Records, RecordTypes, Stored } from '../records.ts';
import type { Write } from '../write.ts';
import { notFound, toStoreProblem, withTimeout } from './faults.ts';
import { listByCreation } from './list-by-creation.ts';
import { changeRecord, goneSince, type RecordChange } from './write.ts';

type Kind = keyof RecordTypes;

const COMMON = 'id,account,created,updated,name,enabled';
const FIELDS = {
  sources: `${COMMON},verification,verification_options,secrets,event_type,dedupe_key,extract,not_redacted,max_body_bytes,rate_limit`,
  destinations: `${COMMON},type,url,headers,secrets,disabled_reason,paused,rate_limit,max_concurrency,ordered,retry_schedule,timeout_ms`,
  mappings: `${COMMON},source,destination,filter,template,content_type`,
} as const satisfies Record<Kind, string>;

const SINGULAR = { sources: 'source', destinations: 'destination', mappings: 'mapping' } as const;

/** The configuration records over PocketBase's standard collections, whose hooks check, encrypt and mask. */
export function createRecords({ pb }: { pb: PocketBase }): Records {
  async function get<K extends Kind>(kind: K, id: string, scope: AccountScope): Promise<Stored<RecordTypes[K]>> {
    const filter = pb.filter(`id = {:id}${scope ? ' && account = {:scope}' : ''}`, { id, scope });
    const found = await call(`${SINGULAR[kind]} ${id}`, () =>
      pb.collection(kind).getList(1, 1, { filter, fields: FIELDS[kind], skipTotal: true, ...withTimeout() }),
    );
    const [record] = found.items;
    if (!record) throw notFound(`${SINGULAR[kind]} ${id}`);
    return toRecord<K>(record);
  }

  const listPage = (collection: string, fields: string, condition: string | undefined, page: PageRequest) =>
    call(collection, () => listByCreation(pb, collection, { fields, condition }, page));

  /** The record as the change made it, or as it is by now if the change was made before. */
  async function change<K extends Kind>(kind: K, write: Write, what: Omit<RecordChange, 'collection' | 'fields'>) {
    const answer = await changeRecord<Stored<RecordTypes[K]>>(pb, write, {
      ...what,
      collection: kind,
      fields: FIELDS[kind],
    });
    if (!answer.repeated) return toRecord<K>(answer);
    return get(kind, answer.id, what.scope).catch((fault) => {
      throw goneSince(fault, what.what);
    });
  }

  return {
    get,

    async list<K extends Kind>(kind: K, scope: AccountScope, page: PageRequest) {
      const owned = scope && pb.filter('account = {:scope}', { scope });
      const { data, next_cursor } = await listPage(kind, FIELDS[kind], owned, page);
      return { data: data.map((record) => toRecord<K>(record)), next_cursor };
    },

    async listAccounts(scope, page) {
      const own = scope && pb.filter('id = {:scope}', { scope });
      const found = await listPage('accounts', 'id,name,created', own, page);
      return { ...found, data: found.data.map(({ id, name }) => ({ id, name })) };
    },

    create<K extends Kind>(kind: K, fields: Partial<RecordTypes[K]>, scope: AccountScope, write: Write) {
      const body = scope ? { ...fields, account: scope } : fields;
      return change(kind, write, { method: 'POST', body, scope, what: SINGULAR[kind] });
    },

    update<K extends Kind>(kind: K, id: string, fields: Partial<RecordTypes[K]>, scope: AccountScope, write: Write) {
      return change(kind, write, { method: 'PATCH', id, body: fields, scope, what: `${SINGULAR[kind]} ${id}` });
    },

    async remove(kind: Kind, id: string, scope: AccountScope, write: Write) {
      const what = `${SINGULAR[kind]} ${id}`;
      await changeRecord(pb, write, { method: 'DELETE', collection: kind, id, scope, what, refusal: 'conflict' });
    },
  };
}

async function call<T>(what: string, work: () => Promise<T>, refusal?: 'conflict'): Promise<T> {
  try {
    return await work();
  } catch (fault) {
    throw toStoreProblem(fault, what, refusal);
  }
}

/** A JSON field that was never set is null; a list of secrets is always a list here. */
function toRecord<K extends Kind>(record: object): Stored<RecordTypes[K]> {
  const stored = record as unknown as Stored<RecordTypes[K]>;
  return 'secrets' in stored && stored.secrets === null ? { ...stored, secrets: [] } : stored;
}
