import type { Command } from 'commander';
import { contextOf, examples, limitOption, type ProgramDeps } from '../command.ts';
import { listEvents, showEvent } from './events.ts';
import { explainEvent } from './explain.ts';
import { tailEvents } from './tail.ts';

/** `events ls`, `events show`, `events tail`. */
export function addEvents(program: Command, deps: ProgramDeps): void {
  const events = program.command('events').description('what was accepted');
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
