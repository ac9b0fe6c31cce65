import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { visibleLine } from '../terminal/visible.ts';

/** @throws CommandError `notFound` */
export async function accountId(nameOrId: string, { client }: Pick<CommandContext, 'client'>): Promise<string> {
  const { data } = await client.list('/api/v1/accounts', {}, Number.POSITIVE_INFINITY);
  const account = data.find(({ id, name }) => id === nameOrId || name === nameOrId);
  if (account) return account.id;
  throw new CommandError(EXIT.notFound, `There is no account "${visibleLine(nameOrId)}".`);
}
