import type { Command } from 'commander';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import { addListOptions, addTimeOptions } from '../lists/options.ts';
import { listAudit } from './audit.ts';

/** `audit ls` */
export function addAudit(program: Command, deps: ProgramDeps): void {
  const ls = program
    .command('audit')
    .description('who changed what')
    .command('ls')
    .description('list what people did, and what Pockethook changed by itself, newest first; values are in --json')
    .option('--subject <id>', 'only what concerns one record')
    .option('--kind <kind>', 'only this kind of thing: source, delivery, user, settings …')
    .option('--action <action>', 'only this, such as source.update')
    .option('--actor <actor>', 'only of one, such as user:ada@example.com');
  addListOptions(addTimeOptions(ls, 'what was done'), 20)
    .addHelpText(
      'after',
      examples('pockethook audit ls --from 7d', "pockethook audit ls --json | jq '.data[].detail.changes'"),
    )
    .action(async (flags, command: Command) => listAudit(flags, contextOf(command, deps)));
}
