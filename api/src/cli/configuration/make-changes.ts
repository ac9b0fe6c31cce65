import type { Schemas } from '../../../client/schemas.ts';
import type { CommandContext } from '../context.ts';
import { CommandError } from '../exit-codes.ts';
import { visibleLine } from '../terminal/visible.ts';
import type { Change, Installed } from './changes.ts';
import { nameOf, summariseChanges } from './changes-printer.ts';
import { isMask } from './references.ts';

/** The fields of a file are of any form; the contract checked them before. */
type Changes = Schemas['SourceChanges'] & Schemas['DestinationChanges'] & Schemas['MappingChanges'];
type NewRecord = Schemas['NewSource'] & Schemas['NewDestination'] & Schemas['NewMapping'];

/**
 * Makes the changes one after the other.
 * @throws CommandError that says what was done before; the same file can be applied again
 */
export async function makeChanges(changes: Change[], installed: Installed, account: string, context: CommandContext) {
  const ids = new Map<string, string>();
  for (const kind of ['sources', 'destinations'] as const)
    for (const { id, name } of installed[kind]) ids.set(`${kind}/${name}`, id);
  for (const [count, change] of changes.entries()) {
    try {
      await makeChange(change, ids, account, context);
    } catch (fault) {
      if (!(fault instanceof CommandError)) throw fault;
      const done = changes.slice(0, count).map((made) => `${made.action} ${nameOf(made)}`);
      const message = [
        `${change.action} ${nameOf(change)}: ${fault.message}`,
        `  Done before that: ${done.join('; ') || 'nothing'}. Apply again when this is put right: it goes on from there.`,
      ];
      throw new CommandError(fault.exitCode, message.join('\n'), fault);
    }
  }
  context.output.note(`Done: ${summariseChanges(changes)}.`);
}

async function makeChange(
  change: Change,
  ids: Map<string, string>,
  account: string,
  { client, output }: CommandContext,
) {
  const { kind, name } = change;
  if (change.action === 'delete') return client.delete(`/api/v1/${kind}/{id}`, { params: { path: { id: change.id } } });
  const body: Record<string, unknown> = Object.fromEntries(
    change.fields.map(({ field, after }) => [field, kind === 'mappings' ? endOf(field, after, ids) : after]),
  );
  if (change.action === 'update') {
    await client.patch(`/api/v1/${kind}/{id}`, { params: { path: { id: change.id } }, body: body as Changes });
    return;
  }
  const made = await client.post(`/api/v1/${kind}`, { body: { account, name, ...body } as NewRecord });
  ids.set(`${kind}/${name}`, made.id);
  if ('secrets' in body) return;
  for (const secret of 'secrets' in made ? made.secrets : [])
    if (!isMask(secret))
      output.note(`A secret was made for the ${nameOf(change)}, shown this once: ${visibleLine(secret)}`);
}

/** A mapping's ends are names in the file, ids in the API. */
function endOf(field: string, value: unknown, ids: Map<string, string>): unknown {
  if (field === 'source') return ids.get(`sources/${value}`);
  if (field === 'destination') return ids.get(`destinations/${value}`);
  return value;
}
