import type { Schemas } from '../../../client/schemas.ts';
import { KIND_NAMES, kindOf } from '../../kinds/index.ts';
import type { Client } from '../api/client.ts';
import type { Kind } from '../api/names.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { visibleLine } from '../terminal/visible.ts';
import { type Installed, mapEnds, type Shown } from './changes.ts';
import { fullName } from './full-names.ts';

export const DEFAULT_ACCOUNT = 'default';

/**
 * The account of a file: the one it names, else the only one that the caller can see, else `default`.
 * @throws CommandError `notFound`
 */
export async function findAccount(
  client: Pick<Client, 'list'>,
  asked: string | undefined,
): Promise<Schemas['Account']> {
  const { data } = await client.list('/api/v1/accounts', {}, Number.POSITIVE_INFINITY);
  const [only, another] = data;
  if (asked === undefined && only && !another) return only;
  const name = asked ?? DEFAULT_ACCOUNT;
  const found = data.find((account) => account.name === name);
  if (found) return found;
  const names = data.map((account) => visibleLine(account.name)).slice(0, 20);
  throw new CommandError(EXIT.notFound, `There is no account "${visibleLine(name)}". There are: ${names.join(', ')}.`);
}

/** All records of an account by their full names, with those in place of ids where they refer to others. */
export async function readInstalled(client: Pick<Client, 'list'>, account: string): Promise<Installed> {
  const found = await Promise.all(
    KIND_NAMES.map(async (kind) => [kind, await readKind(client, kind, account)] as const),
  );
  const names = new Map<unknown, string>();
  for (const [kind, records] of found)
    for (const { id, name, ...fields } of records) {
      // Each kind comes after those that it refers to.
      const parent = names.get(fields[kindOf(kind).within ?? '']);
      names.set(id, parent === undefined ? name : fullName(parent, name));
    }
  const withNames = (kind: Kind, record: Shown) => ({
    ...mapEnds(kind, record, ({ name: id }) => names.get(id) ?? id),
    name: names.get(record.id) ?? record.name,
  });
  return Object.fromEntries(
    found.map(([kind, records]) => [kind, records.map((record) => withNames(kind, record))]),
  ) as Installed;
}

async function readKind(client: Pick<Client, 'list'>, kind: Kind, account: string): Promise<Shown[]> {
  const { data } = await client.list(`/api/v1/${kind}`, {}, Number.POSITIVE_INFINITY);
  return data.filter((record) => record.account === account);
}
