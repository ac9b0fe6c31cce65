import type { Schemas } from '../../../client/schemas.ts';
import { accountId } from '../api/accounts.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { printList } from '../lists/list.ts';
import type { ListFlags } from '../lists/options.ts';
import type { Column } from '../terminal/table.ts';
import { parseUntil, relativeTime } from '../terminal/times.ts';
import { visibleLine } from '../terminal/visible.ts';

const KEYS = '/api/v1/api-keys';

export const KEY_ROLES = ['operator', 'admin', 'viewer'] as const satisfies Schemas['KeyRole'][];

export interface NewKeyFlags {
  role: Schemas['KeyRole'];
  account?: string;
  expires?: string;
}

/** `keys create`: writes only the key to standard output, for scripts. */
export async function createKey(name: string, flags: NewKeyFlags, context: CommandContext): Promise<void> {
  const { client, output, now, json } = context;
  const account = flags.account === undefined ? undefined : await accountId(flags.account, context);
  const expires_at = flags.expires === undefined ? undefined : parseUntil(flags.expires, now());
  const made = await client.post(KEYS, {
    body: {
      name,
      role: flags.role,
      ...(account !== undefined && { account }),
      ...(expires_at !== undefined && { expires_at }),
    },
  });
  if (json) return output.json(made, 2);
  output.line(visibleLine(made.key));
  output.note('This is shown once. Use it as POCKETHOOK_TOKEN, or as Authorization: Bearer.');
}

const COLUMNS: Column[] = [
  { heading: 'NAME', cutTo: 20 },
  { heading: 'ROLE' },
  { heading: 'LAST USED' },
  { heading: 'EXPIRES' },
  { heading: 'BEGINS', optional: 2 },
  { heading: 'ACCOUNT', optional: 1 },
  { heading: 'KEY' },
];

/** `keys ls` */
export async function listKeys(flags: ListFlags, context: CommandContext): Promise<void> {
  const nothing = `There are no such keys. Make one: ${context.settings.program} keys create NAME`;
  const table = (keys: Schemas['ApiKey'][]) => keysTable(keys, context);
  await printList({ path: KEYS, query: {}, nothing, table }, flags, context);
}

function keysTable(keys: Schemas['ApiKey'][], { output, now }: CommandContext): void {
  output.table(
    COLUMNS,
    keys.map((key) => [
      visibleLine(key.name),
      key.role,
      key.last_used_at ? relativeTime(key.last_used_at, now()) : 'never',
      key.expires_at ? relativeTime(key.expires_at, now()) : 'never',
      visibleLine(key.prefix),
      key.account ?? '',
      key.id,
    ]),
  );
}

/** `keys revoke`: by id, or by name if it is unique. */
export async function revokeKey(nameOrId: string, { settings, client, output, json }: CommandContext): Promise<void> {
  const { data } = await client.list(KEYS, {}, Number.POSITIVE_INFINITY);
  const found = data.filter(({ id, name, prefix }) => [id, name, prefix].includes(nameOrId));
  const [key] = found;
  if (!key)
    throw new CommandError(
      EXIT.notFound,
      `There is no key "${visibleLine(nameOrId)}". See which there are: ${settings.program} keys ls`,
    );
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    throw new CommandError(
      EXIT.usage,
      `${found.length} keys are named "${visibleLine(nameOrId)}": write one of ${ids}.`,
    );
  }
  await client.delete(`${KEYS}/{id}`, { params: { path: { id: key.id } } });
  if (json) return output.json({ id: key.id, name: key.name, revoked: true }, 2);
  output.line(`The key ${visibleLine(key.name)} (${visibleLine(key.prefix)}…) is refused from now on.`);
}
