import { type Command, Option } from 'commander';
import { DELIVERY_STATES } from '../../model/delivery.ts';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import { addListOptions, addTimeOptions } from '../lists/options.ts';
import { listDeliveries, retryDelivery, showDelivery } from './deliveries.ts';

/** `deliveries ls`, `deliveries show`, `deliveries retry`. */
export function addDeliveries(program: Command, deps: ProgramDeps): void {
  const deliveries = program.command('deliveries').description('what goes to destinations');
  const ls = deliveries
    .command('ls')
    .description('list deliveries, newest first; those of one event oldest first')
    .option('--event <id>', 'only those of one event')
    .option('--destination <name|id>', 'only those to one destination')
    .addOption(new Option('--state <state>', 'only those in one state').choices(DELIVERY_STATES));
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
  deliveries
    .command('retry <delivery>')
    .description('another attempt now: same bytes, same webhook-id')
    .addHelpText('after', examples('pockethook deliveries retry mc2x8k1tz7b3c9d'))
    .action(async (id: string, _flags, command: Command) => retryDelivery(id, contextOf(command, deps)));
}
