import { type Command, Option } from 'commander';
import { confirmed, contextOf, examples, type ProgramDeps } from '../command.ts';
import { describeNoun, type Noun, singularOf } from '../nouns.ts';
import { createRecord, deleteRecord, setRecord } from './edit.ts';
import { fieldsOf } from './fields.ts';
import { addFieldOptions } from './flags.ts';

const FURTHER =
  'A text that begins with @ names a file that holds it, @- is standard input: so no secret is in the history of the shell.';

/** `create`, `set` and `delete` of a kind, with a flag for each field of the contract. */
export function addEditing(commands: Command, kind: Noun, deps: ProgramDeps): void {
  const singular = singularOf(kind);
  const { example, create, set } = describeNoun(kind).help;
  addCreate();
  addSet();
  commands
    .command(`delete <${singular}>`)
    .description('delete it, after a question; its history stays')
    .option('--yes', 'without asking')
    .addHelpText(
      'after',
      examples(`pockethook ${kind} delete ${example}`, `pockethook ${kind} delete ${example} --yes`),
    )
    .action(async (name: string, { yes }: { yes?: true }, command: Command) =>
      deleteRecord(kind, name, {
        ...contextOf(command, deps),
        confirmed: (question) => confirmed(question, yes === true, deps),
      }),
    );

  function addCreate(): void {
    const fields = fieldsOf(deps.contract(), kind, 'new');
    const command = commands
      .command('create <name>')
      .description(
        `make a ${singular}${describeNoun(kind).makeSecret ? '; a secret that is made for it is shown once' : ''}`,
      );
    const given = addFieldOptions(command, kind, fields);
    command
      .option('--account <name|id>', "another account's than default (operators)")
      .addOption(fileOption())
      .addHelpText(
        'after',
        `${examples(`pockethook ${kind} create ${create}`, `pockethook ${kind} create NAME --file ${singular}.json`)}\n\n${FURTHER}`,
      )
      .action(async (name: string, flags: Record<string, unknown>, command: Command) => {
        const { account, file } = flags as { account?: string; file?: string };
        await createRecord(name, account, { kind, fields, given: given(flags), file }, contextOf(command, deps));
      });
  }

  function addSet(): void {
    const fields = fieldsOf(deps.contract(), kind, 'changes');
    const command = commands
      .command(`set <${singular}>`)
      .description('change fields; names with texts are added to those that are there, lists are replaced');
    const given = addFieldOptions(command, kind, fields);
    command
      .option('--name <name>', 'give it another name')
      .option('--unset <field...>', 'what a new one has instead; field.name takes one name out')
      .addOption(fileOption())
      .addHelpText(
        'after',
        `${examples(...set.map((flags) => `pockethook ${kind} set ${example} ${flags}`))}\n\n${FURTHER}`,
      )
      .action(async (name: string, flags: Record<string, unknown>, command: Command) => {
        const { file, unset, name: rename } = flags as { file?: string; unset?: string[]; name?: string };
        await setRecord(name, { kind, fields, given: given(flags), file, unset, rename }, contextOf(command, deps));
      });
  }
}

function fileOption(): Option {
  return new Option('--file <path>', 'further fields as JSON or YAML, as the API has them; - is standard input');
}
