import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { singularOf } from '../api/names.ts';
import { confirmed, type ProgramDeps } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { visibleLine } from '../terminal/visible.ts';
import { type Change, type Plan, planChanges } from './changes.ts';
import { printChanges } from './changes-printer.ts';
import { checkFile } from './check-file.ts';
import {
  type ConfigurationFile,
  type Declaration,
  type Mistake,
  parseConfigurationFile,
} from './configuration-file.ts';
import { readRecordContract } from './contract.ts';
import { findAccount, readInstalled } from './installation.ts';
import { makeChanges, type Place } from './make-changes.ts';
import { compareSecrets } from './stored-secrets.ts';

export interface ApplyFlags {
  dryRun?: true;
  prune?: true;
  yes?: true;
}

type ApplyContext = CommandContext & Pick<ProgramDeps, 'env' | 'confirm'>;

/** `apply`: changes the installation to what the file declares. Nothing is written unless the whole file is valid. */
export async function applyFile(path: string, flags: ApplyFlags, context: ApplyContext): Promise<void> {
  const { client, output, json } = context;
  const file = parseConfigurationFile(readText(path));
  refuseMistakes(path, file.mistakes);
  const account = await findAccount(client, file.account);
  const [contract, installed] = await Promise.all([readRecordContract(client), readInstalled(client, account.id)]);
  const { declarations, mistakes } = checkFile(file, contract, installed, secretSources(path, context));
  refuseMistakes(path, mistakes);

  const isStored = await compareSecrets(declarations, installed, client);
  const plan = planChanges(declarations, file.kinds, installed, contract.defaults, isStored);
  const changes = [...plan.changes, ...(flags.prune ? plan.undeclared : [])];
  if (json) output.json({ dry_run: flags.dryRun === true, changes: changes.map(toJson) }, 2);
  else printChanges(changes, output);
  if (flags.dryRun && !flags.prune) tellUndeclared(plan, file, output);
  if (flags.dryRun || changes.length === 0) return;
  const deletions = changes.filter(({ action }) => action === 'delete').length;
  if (deletions > 0) await confirmed(`Delete ${deletions} of these?`, flags.yes === true, context);
  await makeChanges(changes, installed, account.id, placeIn(path, file, declarations), context);
}

function placeIn(path: string, file: ConfigurationFile, declarations: Declaration[]): Place {
  return ({ kind, name }, rest) => {
    const { key = name } = declarations.find((one) => one.kind === kind && one.name === name) ?? {};
    const parts = [kind, key, ...rest];
    return `${path}:${file.lineOf(parts)}: ${parts.join('/')}`;
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (fault) {
    const reason = (fault as NodeJS.ErrnoException).code;
    throw new CommandError(EXIT.usage, `${path} can't be read (${reason}).`, { cause: fault });
  }
}

function secretSources(path: string, { env }: Pick<ProgramDeps, 'env'>) {
  const folder = path === '-' ? '.' : dirname(path);
  return { env, readFile: (name: string) => readFileSync(resolve(folder, name), 'utf8') };
}

const SHOWN_MISTAKES = 50;

function refuseMistakes(path: string, mistakes: Mistake[]): void {
  if (mistakes.length === 0) return;
  const lines = mistakes
    .slice(0, SHOWN_MISTAKES)
    .map(({ line, message }) => `  ${path}:${line}: ${visibleLine(message)}`);
  const count = mistakes.length === 1 ? 'something is wrong' : `${mistakes.length} things are wrong`;
  throw new CommandError(EXIT.usage, [`Nothing was changed: ${count} with the file.`, ...lines].join('\n'));
}

function tellUndeclared({ undeclared }: Plan, file: ConfigurationFile, output: CommandContext['output']) {
  if (undeclared.length === 0) return;
  const names = undeclared.map(({ kind, name }) => `${singularOf(kind)} ${visibleLine(name)}`);
  output.note(
    `Not in the file's ${file.kinds.join(', ')}, and left as they are (--prune deletes them): ${names.join('; ')}`,
  );
}

/** Prints names only, since values may be secrets. */
function toJson({ action, kind, name, fields }: Change) {
  return { action, kind, name, fields: fields.map(({ field }) => field) };
}
