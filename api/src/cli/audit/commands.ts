import type { Command } from 'commander';
import { contextOf, examples, limitOption, type ProgramDeps } from '../command.ts';
import { listAudit } from './audit.ts';

/** `audit ls` */
export function addAudit(program: Command, deps: ProgramDeps): void {
  program
    .command('audit')
    .description('who changed what')
    .command('ls')
    .description('list what people did, and what Pockethook changed by itself, newest first; values are in --json')
    .option('--subject <id>', 'only what concerns one record')
    .option('--action <action>', 'only this, such as source.update')
    .option('--actor <actor>', 'only of one, such as user:ada@example.com')
    .option('--since <time>', 'only since: 15m, 1h, 7d, or a date')
    .option('--to <time>', 'and before (default: now)')
    .addOption(limitOption(20, 1))
    .option('--cursor <cursor>', 'go on where a list ended')
    .addHelpText(
      'after',
      examples('pockethook audit ls --since 7d', "pockethook audit ls --json | jq '.data[].detail.changes'"),
    )
    .action(async (flags, command: Command) => listAudit(flags, contextOf(command, deps)));
}
