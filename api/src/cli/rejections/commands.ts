import type { Command } from 'commander';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import { addListOptions, addTimeOptions } from '../lists/options.ts';
import { listRejections } from './rejections.ts';

/** `rejections ls` */
export function addRejections(program: Command, deps: ProgramDeps): void {
  const ls = program
    .command('rejections')
    .description('requests of producers that were refused')
    .command('ls')
    .description('list them, newest first, with what to correct; the newest 100 of each source are kept')
    .option('--source <name|id>', 'only those to one source');
  addListOptions(addTimeOptions(ls, 'those received'), 20)
    .addHelpText(
      'after',
      examples('pockethook rejections ls --source github --from 1h', 'pockethook rejections ls --search signature'),
    )
    .action(async (flags, command: Command) => listRejections(flags, contextOf(command, deps)));
}
