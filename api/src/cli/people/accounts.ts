import type { Schemas } from '../../../client/schemas.ts';
import { accountId } from '../api/accounts.ts';
import type { CommandContext } from '../context.ts';
import { visibleLine } from '../terminal/visible.ts';

const ACCOUNTS = '/api/v1/accounts';

/** `accounts ls` */
export async function listAccounts({ client, output, json }: CommandContext): Promise<void> {
  const page = await client.list(ACCOUNTS, {}, Number.POSITIVE_INFINITY);
  if (json) return output.json(page, 2);
  output.table(
    [{ heading: 'NAME', cutTo: 20 }, { heading: 'ACCOUNT' }],
    page.data.map(({ id, name }) => [visibleLine(name), id]),
  );
}

/** `accounts create` */
export async function createAccount(name: string, context: CommandContext): Promise<void> {
  print(await context.client.post(ACCOUNTS, { body: { name } }), 'is made', context);
}

/** `accounts rename` */
export async function renameAccount(nameOrId: string, name: string, context: CommandContext): Promise<void> {
  const id = await accountId(nameOrId, context);
  const renamed = await context.client.patch(`${ACCOUNTS}/{id}`, { params: { path: { id } }, body: { name } });
  print(renamed, 'has its new name', context);
}

function print(account: Schemas['Account'], what: string, { output, json }: CommandContext): void {
  if (json) output.json(account, 2);
  else output.line(`The account ${visibleLine(account.name)} (${account.id}) ${what}.`);
}
