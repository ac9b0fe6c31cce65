import type { Command } from 'commander';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import { applyFile } from './apply.ts';
import { exportConfiguration } from './export.ts';

/** `apply` and `export`: the configuration as a file. */
export function addConfiguration(program: Command, deps: ProgramDeps): void {
  program
    .command('apply <file>')
    .description('make sources, destinations, mappings, sites, goals and triggers what a YAML file says')
    .option('--dry-run', 'show what would change, and change nothing')
    .option('--prune', 'delete what the file does not name, of the kinds that are in it')
    .option('--yes', 'delete without asking')
    .addHelpText(
      'after',
      examples(
        'pockethook apply pockethook.yaml --dry-run',
        'DISCORD_URL=… pockethook apply docs/examples/github-to-discord.yaml',
        'pockethook apply pockethook.yaml --prune --yes',
        'docker compose exec -T api pockethook apply - < pockethook.yaml',
      ),
    )
    .action(async (file: string, flags, command: Command) =>
      applyFile(file, flags, { ...contextOf(command, deps), env: deps.env, confirm: deps.confirm }),
    );
  program
    .command('export')
    .description('print a YAML file for apply, with references in place of secrets')
    .option('--source <name|id...>', 'only these sources, with their mappings and the destinations of those')
    .option('--account <name>', "another account's than default (operators)")
    .addHelpText('after', examples('pockethook export > pockethook.yaml', 'pockethook export --source github stripe'))
    .action(async (flags, command: Command) => exportConfiguration(flags, contextOf(command, deps)));
}
