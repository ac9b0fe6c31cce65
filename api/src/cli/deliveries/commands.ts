import { type Command, Option } from 'commander';
import { DELIVERY_STATES } from '../../model/delivery.ts';
import { confirmed, contextOf, examples, type ProgramDeps } from '../command.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { addListOptions, addTimeOptions, rateOption } from '../lists/options.ts';
import { cancelDelivery, listDeliveries, retryDelivery, showDelivery } from './deliveries.ts';
import { commandMany, type ManyFlags, type Verb } from './many.ts';

/** `deliveries` with `ls`, `show`, `retry` and `cancel`. */
export function addDeliveries(program: Command, deps: ProgramDeps): void {
  const deliveries = program.command('deliveries').description('what goes to destinations');
  const ls = deliveries
    .command('ls')
    .description('list deliveries, newest first; those of one event oldest first')
    .option('--event <id>', 'only those of one event')
    .option('--destination <name|id>', 'only those to one destination')
    .addOption(new Option('--state <state>', 'only those in one state').choices(DELIVERY_STATES))
    .option('--source <name|id>', 'only those of events of one source')
    .option('--type <type>', 'only those of events of one type, such as issues.opened')
    .option('--correlation-id <id>', 'only those of events with this correlation id')
    .option('--replay <id>', 'only those that one replay of many events made');
  addListOptions(addTimeOptions(ls, 'those made'), 20)
    .addHelpText(
      'after',
      examples(
        'pockethook deliveries ls --state dead --from 7d',
        'pockethook deliveries ls --event mc2x8k1qpl0aa4z',
        'pockethook deliveries ls --state dead --all --csv > dead.csv',
      ),
    )
    .action(async (flags, command: Command) => listDeliveries(flags, contextOf(command, deps)));
  deliveries
    .command('show <delivery>')
    .description('the request, and every attempt with its error and response')
    .addHelpText('after', examples('pockethook deliveries show mc2x8k1tz7b3c9d'))
    .action(async (id: string, _flags, command: Command) => showDelivery(id, contextOf(command, deps)));
  addCommand(deliveries, 'retry', deps);
  addCommand(deliveries, 'cancel', deps);
}

/** `retry` and `cancel`, of one delivery by id or of many by flags. */
const VERBS = {
  retry: {
    means: 'another attempt now, of one or of all in a state: same bytes, same webhook-id',
    states: ['pending', 'held', 'dead', 'expired', 'cancelled'],
    examples: [
      'pockethook deliveries retry mc2x8k1tz7b3c9d',
      'pockethook deliveries retry --state dead --from 3h --destination billing --dry-run',
      'pockethook deliveries retry --state dead --from 2026-11-23T11:00Z --to 2026-11-23T15:00Z --rate 20 --yes',
    ],
    one: retryDelivery,
  },
  cancel: {
    means: 'give up one that waits, or all that do; they can be retried later',
    states: ['pending', 'held'],
    examples: [
      'pockethook deliveries cancel mc2x8k1tz7b3c9d',
      'pockethook deliveries cancel --state held --destination billing --dry-run',
      'pockethook deliveries cancel --state pending --event mc2x8k1qpl0aa4z --yes',
    ],
    one: cancelDelivery,
  },
} as const;

function addCommand(deliveries: Command, verb: Verb, deps: ProgramDeps): void {
  const { means, states, examples: lines, one } = VERBS[verb];
  const command = deliveries
    .command(`${verb} [delivery]`)
    .description(means)
    .addOption(new Option('--state <state>', 'all that are in this state').choices(states));
  addTimeOptions(command, 'those made')
    .option('--destination <name|id>', 'only those to one destination')
    .option('--mapping <name|id>', 'only those of one mapping')
    .option('--event <id>', 'only those of one event');
  if (verb === 'retry') command.addOption(rateOption('so many a second become due (default: all at once)'));
  command
    .option('--dry-run', 'say what would come of them, and change nothing')
    .option('--yes', 'without asking')
    .addHelpText('after', examples(...lines))
    .action(async (id: string | undefined, { yes, ...flags }: ManyFlags & { yes?: true }, command: Command) => {
      const context = contextOf(command, deps);
      if (id === undefined && flags.state !== undefined) {
        const confirming = {
          signal: deps.onInterrupt(),
          confirmed: (text: string) => confirmed(text, yes === true, deps),
        };
        return commandMany(verb, flags, { ...context, ...confirming });
      }
      if (id === undefined || Object.keys(flags).length > 0)
        throw new CommandError(
          EXIT.usage,
          `Name one delivery, or choose many with --state ${states.join('|')}: not both.`,
        );
      await one(id, context);
    });
}
