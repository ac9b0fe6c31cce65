import type PocketBase from 'pocketbase';
import { notFound, Problem } from '../../model/problems.ts';
import type { Accounts } from '../accounts.ts';
import type { Account } from '../records.ts';
import type { Write } from '../write.ts';
import { findRows } from './rows.ts';
import { changeRecord, goneSince, type RecordChange } from './write.ts';

const FIELDS = 'id,name,updated';
/** What names no account belongs to the one of this name (pocketbase/internal/rules/accounts.go). */
const DEFAULT = 'default';

export function createAccounts({ pb }: { pb: PocketBase }): Accounts {
  async function find(id: string): Promise<Account | undefined> {
    const query = { collection: 'accounts', fields: FIELDS, limit: 1 };
    return (await findRows<Account>(pb, { ...query, conditions: [['id = {:0}', id]] }))[0];
  }

  async function change(write: Write, what: Pick<RecordChange, 'method' | 'id' | 'body' | 'what'>): Promise<Account> {
    const place = { collection: 'accounts', fields: FIELDS, scope: undefined };
    const answer = await changeRecord<Account>(pb, write, { ...what, ...place });
    const account = answer.repeated ? await find(answer.id) : answer;
    if (!account) throw goneSince(what.what);
    return { id: account.id, name: account.name, updated: account.updated };
  }

  return {
    create: (name, write) => change(write, { method: 'POST', body: { name }, what: 'account' }),

    async rename(id, name, write) {
      const account = await find(id);
      if (!account) throw notFound(`account ${id}`);
      if (account.name === DEFAULT && name !== DEFAULT) {
        throw new Problem('conflict', 'The account default keeps its name: what names no account belongs to it.');
      }
      return change(write, { method: 'PATCH', id, body: { name }, what: `account ${id}` });
    },
  };
}
