import type { Command } from 'commander';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import { tailHits } from './tail.ts';

/** `hits tail`. */
export function addHits(program: Command, deps: ProgramDeps): void {
  program
    .command('hits')
    .description('what trackers report, in numbers')
    .command('tail')
    .description('follow how many hits arrive at each site, and why some are dropped, until Ctrl-C')
    .option('--site <name|domain|id>', 'only those of one site')
    .addHelpText('after', examples('pockethook hits tail', 'pockethook hits tail --site example.com --json'))
    .action(async (flags, command: Command) => {
      const signal = deps.onInterrupt();
      await tailHits(flags, { ...contextOf(command, deps, signal), signal, sleep: deps.sleep });
    });
}
