import type PocketBase from 'pocketbase';
import { notFound } from '../../model/problems.ts';
import type { AccountScope } from '../records.ts';
import type { LinkedUser, PasswordLink, User, Users } from '../users.ts';
import type { Write } from '../write.ts';
import { listPage } from './pages.ts';
import { type Condition, findRows } from './rows.ts';
import { toStoreTime } from './times.ts';
import { changeRecord, goneSince, type RecordChange } from './write.ts';

const FIELDS = 'id,account,email,name,role,deactivated,link_expires_at,created,updated';
const LINKED = `${FIELDS},link_hash`;

/**
 * Users over PocketBase's collection, whose hooks see to it what ends with a change (pocketbase/internal/access/users.go).
 * @param onEnded called after a change with which tokens and keys may have ended
 */
export function createUsers({ pb, onEnded }: { pb: PocketBase; onEnded: () => void }): Users {
  const conditionsOf = (scope: AccountScope): Condition[] => [['account = {:0}', scope]];

  async function find<T extends User>(id: string, scope: AccountScope, fields: string): Promise<T | undefined> {
    const conditions: Condition[] = [['id = {:0}', id], ...conditionsOf(scope)];
    return (await findRows<T>(pb, { collection: 'users', fields, conditions, limit: 1 }))[0];
  }

  /** The user as the change made them, or as they are by now if the change was made before. */
  async function change<T extends User>(write: Write, what: Omit<RecordChange, 'collection'>): Promise<T> {
    const answer = await changeRecord<T>(pb, write, { ...what, collection: 'users' });
    onEnded();
    if (!answer.repeated) return answer as T;
    const earlier = await find<T>(answer.id, what.scope, what.fields ?? FIELDS);
    if (!earlier) throw goneSince(what.what);
    return earlier;
  }

  return {
    list: (scope, page) => {
      const query = { collection: 'users', fields: FIELDS, conditions: conditionsOf(scope) };
      return listPage<User>(pb, { ...query, by: 'created', newestFirst: false }, page);
    },

    async get(id, scope) {
      const user = await find(id, scope, FIELDS);
      if (!user) throw notFound(`user ${id}`);
      return user;
    },

    create({ link, password, ...user }, scope, write) {
      const body = { ...user, password, passwordConfirm: password, ...linkFields(link) };
      return change<LinkedUser>(write, { method: 'POST', body, fields: LINKED, scope, what: 'user' });
    },

    update: (id, body, scope, write) =>
      change(write, { method: 'PATCH', id, body, fields: FIELDS, scope, what: `user ${id}` }),

    setLink(id, link, scope, write) {
      const body = linkFields(link);
      return change<LinkedUser>(write, { method: 'PATCH', id, body, fields: LINKED, scope, what: `user ${id}` });
    },

    async remove(id, scope, write) {
      await changeRecord(pb, write, { method: 'DELETE', collection: 'users', id, scope, what: `user ${id}` });
      onEnded();
    },
  };
}

function linkFields({ hash, expires_at }: PasswordLink) {
  return { link_hash: hash, link_expires_at: toStoreTime(expires_at) };
}
