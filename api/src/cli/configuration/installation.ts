import type { Schemas } from '../../../client/schemas.ts';
import type { Client } from '../api/client.ts';
import type { Kind } from '../api/names.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { visibleLine } from '../terminal/visible.ts';
import type { Installed, Shown } from './changes.ts';
import { KINDS } from './configuration-file.ts';

export const DEFAULT_ACCOUNT = 'default';

/**
 * The account that a file is about: the one it names, else the only one that the caller sees, else `default`.
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

/** Everything that belongs to an account, with names instead of ids at the ends of mappings. */
export async function readInstalled(client: Pick<Client, 'list'>, account: string): Promise<Installed> {
  const [sources, destinations, mappings] = await Promise.all(KINDS.map((kind) => readKind(client, kind, account)));
  const nameOf = (records: Shown[] = [], id: unknown) => records.find((record) => record.id === id)?.name ?? id;
  return {
    sources: sources ?? [],
    destinations: destinations ?? [],
    mappings: (mappings ?? []).map((mapping) => ({
      ...mapping,
      source: nameOf(sources, mapping.source),
      destination: nameOf(destinations, mapping.destination),
    })),
  };
}

async function readKind(client: Pick<Client, 'list'>, kind: Kind, account: string): Promise<Shown[]> {
  const { data } = await client.list(`/api/v1/${kind}`, {}, Number.POSITIVE_INFINITY);
  return data.filter((record) => record.account === account);
}
