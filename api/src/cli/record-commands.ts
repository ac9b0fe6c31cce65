import type { Command } from 'commander';
import { contextOf, examples, limitOption, type ProgramDeps } from './command.ts';
import { type Kind, SINGULAR } from './names.ts';
import { listRecords, showRecord, testDestination } from './records.ts';

const DESCRIPTIONS = {
  sources: 'what may send events',
  destinations: 'where events go',
  mappings: 'which events of a source go to a destination',
} as const satisfies Record<Kind, string>;

const EXAMPLE_NAMES = { sources: 'github', destinations: 'discord', mappings: "'github → discord'" } as const;

/** `sources`, `destinations`, `mappings`, each with `ls` and `show`. */
export function addRecords(program: Command, deps: ProgramDeps): void {
  for (const kind of ['sources', 'destinations', 'mappings'] as const) {
    const commands = program.command(kind).description(DESCRIPTIONS[kind]);
    commands
      .command('ls')
      .description(`list ${kind}, oldest first`)
      .addOption(limitOption(100, 1))
      .addHelpText('after', examples(`pockethook ${kind} ls`, `pockethook ${kind} ls --json | jq -r '.data[].name'`))
      .action(async (flags, command: Command) => listRecords(kind, flags, contextOf(command, deps)));
    commands
      .command(`show <${SINGULAR[kind]}>`)
      .description('every field that is set; secrets are masked')
      .addHelpText('after', examples(`pockethook ${kind} show ${EXAMPLE_NAMES[kind]}`))
      .action(async (name: string, _flags, command: Command) => showRecord(kind, name, contextOf(command, deps)));
    if (kind === 'destinations') addDestinationCommands(commands, deps);
  }
}

function addDestinationCommands(destinations: Command, deps: ProgramDeps): void {
  destinations
    .command('test <destination>')
    .description('send a test event now; nothing is stored or tried again')
    .addHelpText('after', examples('pockethook destinations test discord'))
    .action(async (name: string, _flags, command: Command) => testDestination(name, contextOf(command, deps)));
}
