import type PocketBase from 'pocketbase';
import { stringifyJson } from '../../expressions/index.ts';
import { KINDS, type KindName as Kind } from '../../kinds/index.ts';
import { notFound } from '../../model/problems.ts';
import type { Account, AccountScope, PageRequest, Records, RecordTypes, Stored, TimeFilter } from '../records.ts';
import type { Write } from '../write.ts';
import { listPage } from './pages.ts';
import { type Condition, during, findRows } from './rows.ts';
import { changeRecord, goneSince, type RecordChange } from './write.ts';

const COMMON = ['id', 'account', 'created', 'updated', 'name', 'enabled'];

const fieldsOf = (kind: Kind): string => [...COMMON, ...Object.keys(KINDS[kind].fields)].join(',');

const OLDEST_FIRST = { by: 'created', newestFirst: false } as const;

const ownedBy = (scope: AccountScope): Condition => ['account = {:0}', scope];

/** The configuration records over PocketBase's standard collections, whose hooks check, encrypt and mask. */
export function createRecords({ pb }: { pb: PocketBase }): Records {
  async function find<K extends Kind>(kind: K, id: string, scope: AccountScope) {
    const conditions: Condition[] = [['id = {:0}', id], ownedBy(scope)];
    const [record] = await findRows(pb, { collection: kind, fields: fieldsOf(kind), conditions, limit: 1 });
    return record && toRecord<K>(record);
  }

  /** The record as the change made it, or as it is by now if the change was made before. */
  async function change<K extends Kind>(kind: K, write: Write, what: Omit<RecordChange, 'collection' | 'fields'>) {
    const answer = await changeRecord<Stored<RecordTypes[K]>>(pb, write, {
      ...what,
      ...(what.body && { body: toBody(kind, what.body) }),
      collection: kind,
      fields: fieldsOf(kind),
    });
    if (!answer.repeated) return toRecord<K>(answer);
    const earlier = await find(kind, answer.id, what.scope);
    if (!earlier) throw goneSince(what.what);
    return earlier;
  }

  return {
    async get(kind, id, scope) {
      const record = await find(kind, id, scope);
      if (!record) throw notFound(`${KINDS[kind].singular} ${id}`);
      return record;
    },

    async list<K extends Kind>(
      kind: K,
      scope: AccountScope,
      page: PageRequest & TimeFilter,
      only: Partial<RecordTypes[K]> = {},
    ) {
      const equal = Object.entries(only).map(([field, value]): Condition => [`${field} = {:0}`, value as never]);
      const conditions = [ownedBy(scope), ...equal, ...during('created', page)];
      const query = { collection: kind, fields: fieldsOf(kind), conditions, ...OLDEST_FIRST };
      const { data, next_cursor } = await listPage<Stored<RecordTypes[K]>>(pb, query, page);
      return { data: data.map((record) => toRecord<K>(record)), next_cursor };
    },

    async listAccounts(scope, page) {
      const conditions: Condition[] = [['id = {:0}', scope]];
      const query = { collection: 'accounts', fields: 'id,name,created,updated', conditions, ...OLDEST_FIRST };
      const found = await listPage<Account & { created: string }>(pb, query, page);
      return { ...found, data: found.data.map(({ id, name, updated }) => ({ id, name, updated })) };
    },

    create<K extends Kind>(kind: K, fields: Partial<RecordTypes[K]>, scope: AccountScope, write: Write) {
      const body = scope ? { ...fields, account: scope } : fields;
      return change(kind, write, { method: 'POST', body, scope, what: KINDS[kind].singular });
    },

    update<K extends Kind>(kind: K, id: string, fields: Partial<RecordTypes[K]>, scope: AccountScope, write: Write) {
      return change(kind, write, { method: 'PATCH', id, body: fields, scope, what: `${KINDS[kind].singular} ${id}` });
    },

    async remove(kind: Kind, id: string, scope: AccountScope, write: Write) {
      const what = `${KINDS[kind].singular} ${id}`;
      await changeRecord(pb, write, { method: 'DELETE', collection: kind, id, scope, what, refusal: 'conflict' });
    },
  };
}

/** PocketBase takes the text of a JSON value as it is; values it would encode anew, without their order and with rounded numbers. */
function toBody(kind: Kind, fields: object): object {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    value !== null && isJson(kind, name) ? stringifyJson(value) : value,
  ]);
  return Object.fromEntries(entries);
}

function isJson(kind: Kind, name: string): boolean {
  const schema = (KINDS[kind].fields as Record<string, { type?: string | string[]; enum?: unknown }>)[name];
  if (!schema || schema.enum || name in KINDS[kind].references) return false;
  return schema.type === undefined || schema.type === 'array' || Array.isArray(schema.type);
}

/** A JSON field that was never set is null; a list of secrets is always a list here. */
function toRecord<K extends Kind>(record: object): Stored<RecordTypes[K]> {
  const stored = record as unknown as Stored<RecordTypes[K]>;
  return 'secrets' in stored && stored.secrets === null ? { ...stored, secrets: [] } : stored;
}
