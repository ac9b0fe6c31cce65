import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import type { Cell } from '../terminal/table.ts';
import { visibleLine } from '../terminal/visible.ts';

/** `secrets rotate` @throws CommandError `failed` when a secret can't be read, so that nobody drops a key */
export async function rotateSecrets({ client, output, json }: CommandContext): Promise<void> {
  const rotation = await client.post('/api/v1/secrets/rotate');
  if (json) output.json(rotation, 2);
  else {
    output.line(
      `Encrypted anew with the first key (${visibleLine(rotation.key)}): ${rotation.rotated}. Already were: ${rotation.current}.`,
    );
    for (const { collection, name, field } of rotation.unreadable)
      output.line(visibleLine(`No key opens ${field} of ${name} in ${collection}: write it anew.`));
  }
  if (rotation.old_keys_needed)
    throw new CommandError(
      EXIT.failed,
      'Keep the older keys in ENCRYPTION_KEYS: some secrets could not be read. Add the key that is missing, or write those secrets anew, and try again.',
    );
  if (!json)
    output.note('Older keys can leave ENCRYPTION_KEYS now; keep them for as long as you keep backups of before.');
}

/** `migrate status` @throws CommandError `failed` when migrations are pending */
export async function showMigrations({ client, output, json }: CommandContext): Promise<void> {
  const migrations = await client.get('/api/v1/migrations');
  const { applied, pending } = migrations;
  if (json) output.json(migrations, 2);
  else
    output.table(
      [{ heading: 'MIGRATION' }, { heading: 'STATE' }],
      [
        ...applied.map((file): Cell[] => [visibleLine(file), 'applied']),
        ...pending.map((file): Cell[] => [visibleLine(file), { text: 'pending', style: 'yellow' }]),
      ],
    );
  if (pending.length > 0)
    throw new CommandError(
      EXIT.failed,
      `${pending.length} are pending: make a backup, then start the PocketBase service of this release anew; it applies them.`,
    );
}
