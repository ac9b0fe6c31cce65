import { Argument, Command, CommanderError, Option } from 'commander';
import { DELIVERY_STATES } from '../model/delivery.ts';
import { contextOf, examples, limitOption, type ProgramDeps } from './command.ts';
import { completionScript, SHELLS } from './completion.ts';
import { addConfiguration } from './configuration/commands.ts';
import { listDeliveries, retryDelivery, showDelivery } from './deliveries/deliveries.ts';
import { examine } from './doctor/doctor.ts';
import { listEvents, showEvent } from './events/events.ts';
import { explainEvent } from './events/explain.ts';
import { tailEvents } from './events/tail.ts';
import { CommandError, EXIT, type ExitCode } from './exit-codes.ts';
import { addRecords } from './records/commands.ts';
import { addReplays } from './replays/commands.ts';
import { visibleLine } from './terminal/visible.ts';
import { addUpkeep } from './upkeep/commands.ts';

/** Runs one command line (without node and the script) and resolves with its exit code. Never rejects. */
export async function run(args: string[], deps: ProgramDeps): Promise<ExitCode> {
  try {
    await createProgram(deps).parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (fault) {
    // Commander has printed what was wrong, or the help that was asked for.
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
  addEvents(program.command('events').description('what was accepted'), deps);
  addDeliveries(program.command('deliveries').description('what goes to destinations'), deps);
  program
    .command('explain <event> [destination]')
    .description('why an event went where it did, and what the rules of now would decide, clause by clause')
    .addHelpText(
      'after',
      examples('pockethook explain mc2x8k1qpl0aa4z', 'pockethook explain mc2x8k1qpl0aa4z discord --json'),
    )
    .action(async (event: string, destination: string | undefined, _flags, command: Command) =>
      explainEvent(event, destination, contextOf(command, deps)),
    );
  addReplays(program, deps);
  addRecords(program, deps);
  addConfiguration(program, deps);
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

function addEvents(events: Command, deps: ProgramDeps): void {
  events
    .command('ls')
    .description('list events, newest first')
    .option('--source <name|id>', 'only those of one source')
    .option('--type <type>', 'only those of one type, such as issues.opened')
    .option('--correlation-id <id>', 'only those with this correlation id')
    .option('--since <time>', 'only those accepted since: 15m, 1h, 7d, or a date')
    .addOption(limitOption(20, 1))
    .option('--cursor <cursor>', 'go on where a list ended')
    .addHelpText(
      'after',
      examples('pockethook events ls --source github --since 1h', "pockethook events ls --json | jq -r '.data[].id'"),
    )
    .action(async (flags, command: Command) => listEvents(flags, contextOf(command, deps)));
  events
    .command('show <event>')
    .description('headers, body, decisions and deliveries of an event')
    .addHelpText(
      'after',
      examples('pockethook events show mc2x8k1qpl0aa4z', 'pockethook events show mc2x8k1qpl0aa4z --json | jq -r .body'),
    )
    .action(async (id: string, _flags, command: Command) => showEvent(id, contextOf(command, deps)));
  events
    .command('tail')
    .description('follow events and what comes of them, until Ctrl-C')
    .option('--source <name|id>', 'only those of one source')
    .option('--type <type>', 'only those of one type')
    .addOption(limitOption(10, 0).default(10, '10 past events to begin with'))
    .addHelpText(
      'after',
      examples('pockethook events tail --source github', 'pockethook events tail --json --limit 0 | jq .type'),
    )
    .action(async (flags, command: Command) => {
      const signal = deps.onInterrupt();
      await tailEvents(flags, { ...contextOf(command, deps, signal), signal, sleep: deps.sleep });
    });
}

function addDeliveries(deliveries: Command, deps: ProgramDeps): void {
  deliveries
    .command('ls')
    .description('list deliveries, newest first; those of one event oldest first')
    .option('--event <id>', 'only those of one event')
    .option('--destination <name|id>', 'only those to one destination')
    .addOption(new Option('--state <state>', 'only those in one state').choices(DELIVERY_STATES))
    .option('--since <time>', 'only those made since: 15m, 1h, 7d, or a date')
    .addOption(limitOption(20, 1))
    .option('--cursor <cursor>', 'go on where a list ended')
    .addHelpText(
      'after',
      examples('pockethook deliveries ls --state dead --since 7d', 'pockethook deliveries ls --event mc2x8k1qpl0aa4z'),
    )
    .action(async (flags, command: Command) => listDeliveries(flags, contextOf(command, deps)));
  deliveries
    .command('show <delivery>')
    .description('the request, and every attempt with its error and response')
    .addHelpText('after', examples('pockethook deliveries show mc2x8k1tz7b3c9d'))
    .action(async (id: string, _flags, command: Command) => showDelivery(id, contextOf(command, deps)));
  deliveries
    .command('retry <delivery>')
    .description('another attempt now: same bytes, same webhook-id')
    .addHelpText('after', examples('pockethook deliveries retry mc2x8k1tz7b3c9d'))
    .action(async (id: string, _flags, command: Command) => retryDelivery(id, contextOf(command, deps)));
}

const HELP = `
Examples:
  $ pockethook events tail
  $ pockethook deliveries ls --state dead
  $ pockethook replay mc2x8k1qpl0aa4z --mode current

Credentials are found by themselves: POCKETHOOK_TOKEN, else POCKETBASE_ADMIN_EMAIL and POCKETBASE_ADMIN_PASSWORD
(or …_FILE), else the data folder of a local start (DATA_DIR, default ./data).

Exit codes: 0 fine, 1 failed, 2 wrong usage, 3 not found, 4 not authenticated, 69 API unavailable, 78 wrong configuration.`;
