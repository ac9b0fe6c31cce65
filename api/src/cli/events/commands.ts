import { type Command, Option } from 'commander';
import { DELIVERY_STATES } from '../../model/delivery.ts';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import { addListOptions, addTimeOptions, limitOption } from '../lists/options.ts';
import { listEvents, showEvent } from './events.ts';
import { explainEvent } from './explain.ts';
import { tailEvents } from './tail.ts';

/** `events ls`, `events show`, `events tail`. */
export function addEvents(program: Command, deps: ProgramDeps): void {
  const events = program.command('events').description('what was accepted');
  const ls = events
    .command('ls')
    .description('list events, newest first')
    .option('--source <name|id>', 'only those of one source')
    .option('--trigger <name|id>', 'only those that one trigger raised')
    .option('--type <type>', 'only those of one type, such as issues.opened')
    .option('--correlation-id <id>', 'only those with this correlation id')
    .option('--destination <name|id>', 'only those with a delivery to one destination')
    .addOption(new Option('--state <state>', 'only those with a delivery in one state').choices(DELIVERY_STATES));
  addListOptions(addTimeOptions(ls, 'those accepted'), 20)
    .addHelpText(
      'after',
      examples(
        'pockethook events ls --source github --from 1h',
        'pockethook events ls --from 2026-11-23T11:00Z --to 2026-11-23T12:00Z --search ada@example.com',
        'pockethook events ls --from 7d --all --jsonl | jq -r .type | sort | uniq -c',
      ),
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
    .option('--trigger <name|id>', 'only those that one trigger raised')
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

/** `explain`. */
export function addExplain(program: Command, deps: ProgramDeps): void {
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
}
