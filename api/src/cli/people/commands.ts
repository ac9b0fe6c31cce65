import { type Command, Option } from 'commander';
import { confirmed, contextOf, examples, type ProgramDeps } from '../command.ts';
import { addListOptions } from '../lists/options.ts';
import { createAccount, listAccounts, renameAccount } from './accounts.ts';
import { addUser, changeUser, listUsers, newLink, removeUser, USER_ROLES } from './users.ts';

/** `accounts` and `users`: whose records are whose, and who sees them. */
export function addPeople(program: Command, deps: ProgramDeps): void {
  addAccounts(program.command('accounts').description('whose records are whose'), deps);
  addUsers(program.command('users').description('the people of an account'), deps);
}

function addAccounts(accounts: Command, deps: ProgramDeps): void {
  accounts
    .command('ls')
    .description('list accounts, oldest first')
    .addHelpText('after', examples('pockethook accounts ls'))
    .action(async (_flags, command: Command) => listAccounts(contextOf(command, deps)));
  accounts
    .command('create <name>')
    .description('make an account')
    .addHelpText('after', examples('pockethook accounts create acme'))
    .action(async (name: string, _flags, command: Command) => createAccount(name, contextOf(command, deps)));
  accounts
    .command('rename <account> <name>')
    .description('give an account another name')
    .addHelpText('after', examples("pockethook accounts rename acme 'Acme Inc'"))
    .action(async (account: string, name: string, _flags, command: Command) =>
      renameAccount(account, name, contextOf(command, deps)),
    );
}

function addUsers(users: Command, deps: ProgramDeps): void {
  addListOptions(users.command('ls').description('list users, oldest first'), 100)
    .addHelpText('after', examples('pockethook users ls', 'pockethook users ls --account acme'))
    .action(async (flags, command: Command) => listUsers(flags, contextOf(command, deps)));
  users
    .command('add <email>')
    .description('add somebody; prints the link with which they set their password')
    .addOption(new Option('--role <role>', 'what they may do').choices(USER_ROLES).default('viewer'))
    .option('--name <name>', 'for people')
    .option('--account <name|id>', 'for operators: whose records they see')
    .addHelpText('after', examples('pockethook users add ada@example.com --role admin --account acme'))
    .action(async (email: string, flags, command: Command) => addUser(email, flags, contextOf(command, deps)));
  users
    .command('link <user>')
    .description('print a new link, for somebody who lost the password; it revokes the one before')
    .addHelpText('after', examples('pockethook users link ada@example.com'))
    .action(async (user: string, _flags, command: Command) => newLink(user, contextOf(command, deps)));
  users
    .command('set <user>')
    .description('change a role or name')
    .addOption(new Option('--role <role>', 'what they may do').choices(USER_ROLES))
    .option('--name <name>', 'for people')
    .addHelpText('after', examples('pockethook users set ada@example.com --role admin'))
    .action(async (user: string, flags, command: Command) => changeUser(user, flags, contextOf(command, deps)));
  for (const [name, deactivated, what] of [
    ['deactivate', true, 'let somebody in no more; sessions, tokens and API keys end at once'],
    ['activate', false, 'let somebody in again, with the password that they had'],
  ] as const) {
    users
      .command(`${name} <user>`)
      .description(what)
      .addHelpText('after', examples(`pockethook users ${name} ada@example.com`))
      .action(async (user: string, _flags, command: Command) =>
        changeUser(user, { deactivated }, contextOf(command, deps)),
      );
  }
  users
    .command('remove <user>')
    .description('remove somebody, after a question')
    .option('--yes', 'do not ask')
    .addHelpText('after', examples('pockethook users remove ada@example.com --yes'))
    .action(async (user: string, { yes = false }: { yes?: boolean }, command: Command) => {
      await confirmed(`Remove ${user}, and end what is theirs?`, yes, deps);
      await removeUser(user, contextOf(command, deps));
    });
}
