import { waitsForHandshake } from '../../../client/handshake.ts';
import { ifUnchanged } from '../../../client/if-unchanged.ts';
import type { Schemas } from '../../../client/schemas.ts';
import { KIND_NAMES } from '../../kinds/index.ts';
import { accountId } from '../api/accounts.ts';
import { isMask } from '../configuration/references.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { describeNoun, kindBehind, type Noun, singularOf } from '../nouns.ts';
import { visibleLine } from '../terminal/visible.ts';
import { type BodyParts, bodyOf, type Stored, unset } from './body.ts';
import { flagOf } from './flags.ts';
import { ingestUrl, WAITS } from './show.ts';

/** `sources create` and the others */
export async function createRecord(
  name: string,
  account: string | undefined,
  parts: BodyParts,
  context: CommandContext,
) {
  const { client, output, json } = context;
  const { kind, fields } = parts;
  const given = await bodyOf(parts, context);
  const body: Stored = { ...(await named(kind, name, given, context)), ...given };
  if (account !== undefined) body.account = await accountId(account, context);
  const missing = fields.filter((field) => field.required && !(field.name in body));
  if (missing.length > 0) {
    const flags = missing.map((field) => flagOf(kind, field.name)).join(' and ');
    throw new CommandError(EXIT.usage, `A new ${singularOf(kind)} needs ${flags}.`);
  }
  // The types allow any fields; the API validates them.
  const made = await client.post(`/api/v1/${kind}`, { body: body as never });
  if (json) return output.json(made, 2);
  output.line(`The ${singularOf(kind)} ${visibleLine(made.name)} is made (${made.id}).`);
  if (kind === 'sources') {
    output.line(`Its producers post to ${ingestUrl(made.name, context.settings)}`);
    if (waitsForHandshake(made as Schemas['Source'])) output.line(`Its secret: ${WAITS}.`);
  }
  if (!('secrets' in body)) printNewSecrets(made, context);
}

/** Secrets that were made for a record; what is stored for longer is masked. */
export function printNewSecrets(made: object, { output }: Pick<CommandContext, 'output'>): void {
  const { secret, secrets = [] } = made as { secret?: string; secrets?: string[] };
  for (const one of secret === undefined ? secrets : [secret])
    if (!isMask(one)) output.line(`Its secret, shown this once: ${visibleLine(one)}`);
}

/** What the name of a new record says: `example.com/Signup` also its site, that of a site its domain. */
async function named(kind: Noun, name: string, given: Stored, { names }: CommandContext): Promise<Stored> {
  const { within, nameFrom, references } = describeNoun(kind);
  if (nameFrom !== undefined && !(nameFrom in given)) return { [nameFrom]: name };
  const [, owner, own] = /^([^/]+)\/(.+)$/.exec(name) ?? [];
  if (within === undefined || owner === undefined || within in given) return { name };
  return { name: own, [within]: await names.idOf(references[within] as Noun, owner) };
}

export interface Changes extends BodyParts {
  /** The new name. */
  rename?: string | undefined;
  unset?: string[] | undefined;
}

/** `sources set` and the others */
export async function setRecord(nameOrId: string, changes: Changes, context: CommandContext): Promise<void> {
  const { client, names, output, json } = context;
  const { kind, rename, unset: emptied = [] } = changes;
  const path = { id: await names.idOf(kind, nameOrId) };
  const stored = (await client.get(`/api/v1/${kind}/{id}`, { params: { path } })) as Stored;
  const body: Stored = { ...(rename !== undefined && { name: rename }), ...(await bodyOf(changes, context, stored)) };
  unset(body, emptied, changes, stored, context);
  const changed = Object.keys(body);
  if (changed.length === 0)
    throw new CommandError(EXIT.usage, 'There is nothing to change: name a field, such as --name. --help lists them.');
  const header = ifUnchanged(stored as { updated: string });
  const record = await client.patch(`/api/v1/${kind}/{id}`, { params: { path, header }, body: body as never });
  if (json) return output.json(record, 2);
  output.line(`Set ${changed.join(', ')} of the ${singularOf(kind)} ${visibleLine(record.name)}.`);
  // Another server gets another secret, which only this answer has.
  if ('secret' in record) printNewSecrets(record, context);
}

/** `sources delete` and the others */
export async function deleteRecord(
  kind: Noun,
  nameOrId: string,
  { confirmed, ...context }: CommandContext & { confirmed: (question: string) => Promise<void> },
): Promise<void> {
  const { client, names, output, json } = context;
  const id = await names.idOf(kind, nameOrId);
  const name = await names.of(kind, id);
  const others = await referringTo(kind, id, context);
  const along = others.map(
    ([other, count]) => ` ${count === 1 ? `A ${singularOf(other)} goes` : `${count} ${other} go`} with it.`,
  );
  const waiting = kindBehind(kind) === 'destinations' ? ' What waits for it is cancelled.' : '';
  await confirmed(`Delete the ${singularOf(kind)} ${name}?${along.join('')}${waiting}`);
  await client.delete(`/api/v1/${kind}/{id}`, { params: { path: { id } } });
  if (json) return output.json({ id, name, deleted: true }, 2);
  output.line(`The ${singularOf(kind)} ${name} is deleted.`);
}

/** How many records of each kind would be deleted with this one. */
async function referringTo(kind: Noun, id: string, { client }: CommandContext): Promise<[Noun, number][]> {
  const counted = KIND_NAMES.map(async (other): Promise<[Noun, number]> => {
    const references = Object.entries(describeNoun(other).references).flatMap(([field, end]) =>
      end === kindBehind(kind) ? [field] : [],
    );
    if (references.length === 0) return [other, 0];
    const { data } = await client.list(`/api/v1/${other}`, {}, Number.POSITIVE_INFINITY);
    return [other, data.filter((record) => references.some((field) => (record as Stored)[field] === id)).length];
  });
  return (await Promise.all(counted)).filter(([, count]) => count > 0);
}
