import { ifUnchanged } from '../../../client/if-unchanged.ts';
import { KIND_NAMES } from '../../kinds/index.ts';
import { partsOf } from '../api/wording.ts';
import type { CommandContext } from '../context.ts';
import { CommandError } from '../exit-codes.ts';
import { visibleLine } from '../terminal/visible.ts';
import { type Change, type Installed, mapEnds, type Version } from './changes.ts';
import { nameOf, summariseChanges } from './changes-printer.ts';
import { ownName } from './full-names.ts';
import { isMask } from './references.ts';

/** Formats a position in a file: `shop.yaml:12: mappings/orders/filter`. */
export type Place = (change: Pick<Change, 'kind' | 'name'>, path: (string | number)[]) => string;

/**
 * Makes the changes one after the other. After an error the same file can be applied again.
 * @throws CommandError that says which changes were made before
 */
export async function makeChanges(
  changes: Change[],
  installed: Installed,
  account: string,
  place: Place,
  context: CommandContext,
) {
  const ids = new Map<string, string>();
  for (const kind of KIND_NAMES) for (const { id, name } of installed[kind]) ids.set(`${kind}/${name}`, id);
  for (const [count, change] of changes.entries()) {
    try {
      await makeChange(change, ids, account, context);
    } catch (fault) {
      if (!(fault instanceof CommandError)) throw fault;
      const done = changes.slice(0, count).map((made) => `${made.action} ${nameOf(made)}`);
      const message = [
        `${change.action} ${nameOf(change)}: ${whatWasWrong(fault, change, place)}`,
        `  Done before that: ${done.join('; ') || 'nothing'}. Apply again when this is put right: it goes on from there.`,
      ];
      throw new CommandError(fault.exitCode, message.join('\n'), { cause: fault });
    }
  }
  context.output.note(`Done: ${summariseChanges(changes)}.`);
}

/** Some errors are found only by the service; reports these at their line in the file too. */
function whatWasWrong({ message, problem }: CommandError, change: Change, place: Place): string {
  const errors = problem?.errors ?? [];
  if (!problem || errors.length === 0) return message;
  const lines = errors.map((error) => visibleLine(`${place(change, partsOf(error.field))} ${error.message}`));
  return [`${problem.code}, correlation id ${problem.correlation_id}`, ...lines.map((line) => `  ${line}`)].join('\n');
}

const paramsOf = (was: Version) => ({ path: { id: was.id }, header: ifUnchanged(was) });

async function makeChange(
  change: Change,
  ids: Map<string, string>,
  account: string,
  { client, output }: CommandContext,
) {
  const { kind, name } = change;
  // What was changed after it was read is not what the plan said it was.
  if (change.action === 'delete') return client.delete(`/api/v1/${kind}/{id}`, { params: paramsOf(change.was) });
  const fields = Object.fromEntries(change.fields.map(({ field, after }) => [field, after]));
  // The types allow any fields; they were checked against the contract before.
  const body = mapEnds(kind, fields, (end) => ids.get(`${end.kind}/${end.name}`)) as never;
  if (change.action === 'update') {
    await client.patch(`/api/v1/${kind}/{id}`, { params: paramsOf(change.was), body });
    return;
  }
  const made = await client.post(`/api/v1/${kind}`, {
    body: Object.assign({ account, name: ownName(kind, name) }, body),
  });
  ids.set(`${kind}/${name}`, made.id);
  if ('secrets' in fields) return;
  for (const secret of 'secrets' in made ? made.secrets : [])
    if (!isMask(secret))
      output.note(`A secret was made for the ${nameOf(change)}, shown this once: ${visibleLine(secret)}`);
}
