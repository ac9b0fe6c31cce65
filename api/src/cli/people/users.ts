import type { Schemas } from '../../../client/schemas.ts';
import { accountId } from '../api/accounts.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { printList } from '../lists/list.ts';
import type { ListFlags } from '../lists/options.ts';
import type { Column } from '../terminal/table.ts';
import { relativeTime } from '../terminal/times.ts';
import { visibleLine } from '../terminal/visible.ts';

const USERS = '/api/v1/users';
const USER = `${USERS}/{id}` as const;

export const USER_ROLES = ['admin', 'viewer'] as const satisfies Schemas['UserRole'][];

export interface NewUserFlags {
  role: Schemas['UserRole'];
  name?: string;
  account?: string;
}

/** `users add`: writes only the link to standard output. */
export async function addUser(email: string, flags: NewUserFlags, context: CommandContext): Promise<void> {
  const { role, name } = flags;
  const account = flags.account === undefined ? {} : { account: await accountId(flags.account, context) };
  const body = { email, role, ...(name !== undefined && { name }), ...account };
  printLink(await context.client.post(USERS, { body }), context);
}

/** `users link` */
export async function newLink(emailOrId: string, context: CommandContext): Promise<void> {
  const { id } = await findUser(emailOrId, context);
  printLink(await context.client.post(`${USER}/link`, { params: { path: { id } } }), context);
}

function printLink(user: Schemas['UserWithLink'], { output, json, now }: CommandContext): void {
  if (json) {
    output.json(user, 2);
    return;
  }
  output.line(visibleLine(user.link));
  const until = user.link_expires_at ? relativeTime(user.link_expires_at, now()) : 'soon';
  output.note(`Hand this link to ${visibleLine(user.email)}: it sets the password once, and runs out ${until}.`);
}

export interface UserChanges {
  role?: Schemas['UserRole'];
  name?: string;
  deactivated?: boolean;
}

/** `users set`, `deactivate` and `activate` */
export async function changeUser(emailOrId: string, changes: UserChanges, context: CommandContext): Promise<void> {
  if (Object.keys(changes).length === 0) throw new CommandError(EXIT.usage, 'Say what to change: --role or --name.');
  const { id } = await findUser(emailOrId, context);
  const user = await context.client.patch(USER, { params: { path: { id } }, body: changes });
  if (context.json) return context.output.json(user, 2);
  const state = user.deactivated ? ', deactivated: sessions, tokens and keys have ended' : '';
  context.output.line(`${visibleLine(user.email)} is ${user.role}${state}.`);
}

/** `users remove` */
export async function removeUser(emailOrId: string, context: CommandContext): Promise<void> {
  const { id, email } = await findUser(emailOrId, context);
  await context.client.delete(USER, { params: { path: { id } } });
  if (context.json) return context.output.json({ id, email, removed: true }, 2);
  context.output.line(`${visibleLine(email)} is removed; sessions, tokens and keys have ended.`);
}

/** @throws CommandError `notFound` */
async function findUser(emailOrId: string, { client }: CommandContext): Promise<Schemas['User']> {
  const { data } = await client.list(USERS, {}, Number.POSITIVE_INFINITY);
  const user = data.find(({ id, email }) => id === emailOrId || email.toLowerCase() === emailOrId.toLowerCase());
  if (user) return user;
  throw new CommandError(EXIT.notFound, `There is no user "${visibleLine(emailOrId)}".`);
}

const COLUMNS: Column[] = [
  { heading: 'E-MAIL', cutTo: 24 },
  { heading: 'NAME', optional: 2, cutTo: 20 },
  { heading: 'ROLE' },
  { heading: 'STATE' },
  { heading: 'ACCOUNT', optional: 1 },
  { heading: 'USER', optional: 3 },
];

/** `users ls` */
export async function listUsers(flags: ListFlags, context: CommandContext): Promise<void> {
  const nothing = `There are no such users. Add one: ${context.settings.program} users add EMAIL`;
  const table = (users: Schemas['User'][]) =>
    context.output.table(
      COLUMNS,
      users.map((user) => [
        visibleLine(user.email),
        visibleLine(user.name),
        user.role,
        user.deactivated ? { text: 'deactivated', style: 'yellow' } : user.link_expires_at ? 'has a link' : 'active',
        user.account,
        user.id,
      ]),
    );
  await printList({ path: USERS, query: {}, nothing, table }, flags, context);
}
