import { Argument, Command, CommanderError } from 'commander';
import { addAudit } from './audit/commands.ts';
import { contextOf, examples, type ProgramDeps } from './command.ts';
import { completionScript, SHELLS } from './completion.ts';
import { addConfiguration } from './configuration/commands.ts';
import { addDeliveries } from './deliveries/commands.ts';
import { examine } from './doctor/doctor.ts';
import { addEvents, addExplain } from './events/commands.ts';
import { CommandError, EXIT, type ExitCode } from './exit-codes.ts';
import { addHits } from './hits/commands.ts';
import { addPeople } from './people/commands.ts';
import { addRecords } from './records/commands.ts';
import { addRejections } from './rejections/commands.ts';
import { addReplays } from './replays/commands.ts';
import { visibleLine } from './terminal/visible.ts';
import { addUpkeep } from './upkeep/commands.ts';

/** Runs one command line (without node and the script) and resolves with its exit code. Never rejects. */
export async function run(args: string[], deps: ProgramDeps): Promise<ExitCode> {
  try {
    await createProgram(deps).parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (fault) {
    // Commander has printed the error, or the requested help.
    if (fault instanceof CommanderError) return fault.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const expected = fault instanceof CommandError;
    const message = expected ? fault.message : `something went wrong here: ${visibleLine(String(fault))}`;
    deps.terminal.err(`pockethook: ${message}\n`);
    return expected ? fault.exitCode : EXIT.failed;
  }
}

function createProgram(deps: ProgramDeps): Command {
  const program = new Command('pockethook')
    .description('See what came in, what was sent, and send it again.')
    .version(deps.version)
    .option('--url <url>', "the API's address (default: POCKETHOOK_URL, else http://127.0.0.1:8080)")
    .option('--json', 'print the result as JSON')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: deps.terminal.out, writeErr: deps.terminal.err })
    .showHelpAfterError('(add --help for the options and examples)')
    .addHelpText('after', HELP);
  addEvents(program, deps);
  addDeliveries(program, deps);
  addExplain(program, deps);
  addHits(program, deps);
  addReplays(program, deps);
  addRecords(program, deps);
  addConfiguration(program, deps);
  addRejections(program, deps);
  addAudit(program, deps);
  addPeople(program, deps);
  addUpkeep(program, deps);
  program
    .command('doctor')
    .description('check that everything works, and say what to do if not')
    .addHelpText('after', examples('pockethook doctor', 'pockethook doctor --url https://hooks.example.com'))
    .action(async (_flags, command: Command) => examine(contextOf(command, deps)));
  program
    .command('completion')
    .description('print a script with which a shell completes commands and options')
    .addArgument(new Argument('<shell>').choices(SHELLS))
    .addHelpText(
      'after',
      examples(
        'eval "$(pockethook completion bash)"    # in ~/.bashrc; the same for zsh in ~/.zshrc',
        'pockethook completion fish > ~/.config/fish/completions/pockethook.fish',
      ),
    )
    .action((shell: (typeof SHELLS)[number]) => deps.terminal.out(completionScript(program, shell)));
  return program;
}

const HELP = `
Examples:
  $ pockethook events tail
  $ pockethook deliveries retry --state dead --from 3h --dry-run
  $ pockethook sources create github --verification github
  $ pockethook replay mc2x8k1qpl0aa4z --mode current

Credentials are found by themselves: POCKETHOOK_TOKEN, else POCKETBASE_ADMIN_EMAIL and POCKETBASE_ADMIN_PASSWORD
(or …_FILE), else the data folder of a local start (DATA_DIR, default ./data).

Exit codes: 0 fine, 1 failed, 2 wrong usage, 3 not found, 4 not authenticated, 69 API unavailable, 78 wrong configuration.`;
