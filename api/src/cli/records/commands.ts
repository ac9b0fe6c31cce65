import { type Command, InvalidArgumentError } from 'commander';
import { KIND_NAMES, KINDS } from '../../kinds/index.ts';
import { type Kind, singularOf } from '../api/names.ts';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import { addListOptions, addTimeOptions } from '../lists/options.ts';
import { addTriggerBacktest } from './backtest-trigger.ts';
import { addEditing } from './edit-commands.ts';
import { listRecords, pauseDestination, resumeDestination, switchRecord, testDestination } from './records.ts';
import { showRecord } from './show.ts';

/** `sources` and the other kinds, each with `ls`, `show`, `create`, `set`, `delete`, `pause` and `resume`. */
export function addRecords(program: Command, deps: ProgramDeps): void {
  for (const kind of KIND_NAMES) {
    const { about, example, pause } = KINDS[kind].help;
    const commands = program.command(kind).description(about);
    addListOptions(addTimeOptions(commands.command('ls').description(`list ${kind}, oldest first`), 'those made'), 100)
      .addHelpText(
        'after',
        examples(
          `pockethook ${kind} ls`,
          `pockethook ${kind} ls --search example --csv`,
          `pockethook ${kind} ls --jsonl | jq -r .name`,
        ),
      )
      .action(async (flags, command: Command) => listRecords(kind, flags, contextOf(command, deps)));
    commands
      .command(`show <${singularOf(kind)}>`)
      .description('every field that is set; secrets are masked')
      .addHelpText('after', examples(`pockethook ${kind} show ${example}`))
      .action(async (name: string, _flags, command: Command) => showRecord(kind, name, contextOf(command, deps)));
    addEditing(commands, kind, deps);
    if (kind === 'destinations') addDestinationCommands(commands, deps);
    if (kind === 'triggers') addTriggerBacktest(commands, deps);
    if (pause) addSwitches(commands, kind, pause, deps);
  }
}

/** Pausing a destination holds its deliveries; records of other kinds are ignored while they are paused. */
function addSwitches(commands: Command, kind: Kind, means: [string, string], deps: ProgramDeps): void {
  for (const [index, verb] of (['pause', 'resume'] as const).entries()) {
    commands
      .command(`${verb} <${singularOf(kind)}>`)
      .description(means[index] as string)
      .addHelpText('after', examples(`pockethook ${kind} ${verb} ${KINDS[kind].help.example}`))
      .action(async (name: string, _flags, command: Command) =>
        switchRecord(kind, name, verb === 'resume', contextOf(command, deps)),
      );
  }
}

function addDestinationCommands(destinations: Command, deps: ProgramDeps): void {
  destinations
    .command('test <destination>')
    .description('send a test event now; nothing is stored or tried again')
    .addHelpText('after', examples('pockethook destinations test discord'))
    .action(async (name: string, _flags, command: Command) => testDestination(name, contextOf(command, deps)));
  destinations
    .command('pause <destination>')
    .description('hold its deliveries; nothing is lost')
    .addHelpText('after', examples('pockethook destinations pause discord'))
    .action(async (name: string, _flags, command: Command) => pauseDestination(name, contextOf(command, deps)));
  destinations
    .command('resume <destination>')
    .description('let go what was held, in order')
    .option('--rate <n>', 'so many deliveries a second (default: all at once)', parseRate)
    .addHelpText(
      'after',
      examples('pockethook destinations resume discord', 'pockethook destinations resume discord --rate 5'),
    )
    .action(async (name: string, flags, command: Command) => resumeDestination(name, flags, contextOf(command, deps)));
}

function parseRate(text: string): number {
  const rate = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (rate >= 0.01 && rate <= 1000) return rate;
  throw new InvalidArgumentError('Write a number from 0.01 to 1000.');
}
