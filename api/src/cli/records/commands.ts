import { type Command, InvalidArgumentError } from 'commander';
import { type Kind, SINGULAR } from '../api/names.ts';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import { addListOptions } from '../lists/options.ts';
import { listRecords, pauseDestination, resumeDestination, switchRecord, testDestination } from './records.ts';
import { showRecord } from './show.ts';

const DESCRIPTIONS = {
  sources: 'what may send events',
  destinations: 'where events go',
  mappings: 'which events of a source go to a destination',
} as const satisfies Record<Kind, string>;

const EXAMPLE_NAMES = { sources: 'github', destinations: 'discord', mappings: "'github → discord'" } as const;

/** `sources`, `destinations`, `mappings`, each with `ls`, `show`, `pause` and `resume`. */
export function addRecords(program: Command, deps: ProgramDeps): void {
  for (const kind of ['sources', 'destinations', 'mappings'] as const) {
    const commands = program.command(kind).description(DESCRIPTIONS[kind]);
    addListOptions(commands.command('ls').description(`list ${kind}, oldest first`), 100)
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
      .command(`show <${SINGULAR[kind]}>`)
      .description('every field that is set; secrets are masked')
      .addHelpText('after', examples(`pockethook ${kind} show ${EXAMPLE_NAMES[kind]}`))
      .action(async (name: string, _flags, command: Command) => showRecord(kind, name, contextOf(command, deps)));
    if (kind === 'destinations') addDestinationCommands(commands, deps);
    else addSwitches(commands, kind, deps);
  }
}

/** Sources and mappings hold nothing back: paused, they take no part. */
function addSwitches(commands: Command, kind: 'sources' | 'mappings', deps: ProgramDeps): void {
  const means = {
    sources: ['answer its producers 404 until it is resumed', 'take events again'],
    mappings: ['decide nothing by it until it is resumed; a replay catches up', 'decide by it again'],
  }[kind];
  for (const [index, verb] of (['pause', 'resume'] as const).entries()) {
    commands
      .command(`${verb} <${SINGULAR[kind]}>`)
      .description(means[index] as string)
      .addHelpText('after', examples(`pockethook ${kind} ${verb} ${EXAMPLE_NAMES[kind]}`))
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
