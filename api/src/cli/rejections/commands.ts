import type { Command } from 'commander';
import { contextOf, examples, limitOption, type ProgramDeps } from '../command.ts';
import { listRejections } from './rejections.ts';

/** `rejections ls` */
export function addRejections(program: Command, deps: ProgramDeps): void {
  program
    .command('rejections')
    .description('requests of producers that were refused')
    .command('ls')
    .description('list them, newest first, with what to correct; the newest 100 of each source are kept')
    .option('--source <name|id>', 'only those to one source')
    .addOption(limitOption(20, 1))
    .option('--cursor <cursor>', 'go on where a list ended')
    .addHelpText('after', examples('pockethook rejections ls --source github'))
    .action(async (flags, command: Command) => listRejections(flags, contextOf(command, deps)));
}
