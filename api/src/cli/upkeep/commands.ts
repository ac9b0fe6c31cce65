import { type Command, Option } from 'commander';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import { addListOptions } from '../lists/options.ts';
import { createKey, KEY_ROLES, listKeys, revokeKey } from './keys.ts';
import { rotateSecrets, showMigrations } from './upkeep.ts';

/** `keys`, `secrets` and `migrate`: maintenance by operators. */
export function addUpkeep(program: Command, deps: ProgramDeps): void {
  addKeys(program.command('keys').description('API keys for programs'), deps);
  program
    .command('secrets')
    .description('secrets at rest')
    .command('rotate')
    .description('encrypt every stored secret with the first of ENCRYPTION_KEYS')
    .addHelpText('after', examples('pockethook secrets rotate'))
    .action(async (_flags, command: Command) => rotateSecrets(contextOf(command, deps)));
  program
    .command('migrate')
    .description('the schema of the database')
    .command('status')
    .description('which migrations are applied; exits with 1 when some are pending')
    .addHelpText('after', examples('pockethook migrate status'))
    .action(async (_flags, command: Command) => showMigrations(contextOf(command, deps)));
}

function addKeys(keys: Command, deps: ProgramDeps): void {
  keys
    .command('create <name>')
    .description('make a key; it is shown once')
    .addOption(new Option('--role <role>', 'what it may do').choices(KEY_ROLES).default('operator'))
    .option('--account <name|id>', 'whose records an admin or viewer sees')
    .option('--expires <time>', 'when it runs out: 90d, or a date (default: never)')
    .addHelpText(
      'after',
      examples(
        'pockethook keys create ci --expires 90d',
        'pockethook keys create grafana --role viewer --account default',
      ),
    )
    .action(async (name: string, flags, command: Command) => createKey(name, flags, contextOf(command, deps)));
  addListOptions(keys.command('ls').description('list keys, oldest first'), 100)
    .addHelpText('after', examples('pockethook keys ls'))
    .action(async (flags, command: Command) => listKeys(flags, contextOf(command, deps)));
  keys
    .command('revoke <key>')
    .description('let a key be refused from now on')
    .addHelpText('after', examples('pockethook keys revoke ci'))
    .action(async (name: string, _flags, command: Command) => revokeKey(name, contextOf(command, deps)));
}
