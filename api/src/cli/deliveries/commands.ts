import { type Command, Option } from 'commander';
import { DELIVERY_STATES } from '../../model/delivery.ts';
import { contextOf, examples, limitOption, type ProgramDeps } from '../command.ts';
import { listDeliveries, retryDelivery, showDelivery } from './deliveries.ts';

/** `deliveries ls`, `deliveries show`, `deliveries retry`. */
export function addDeliveries(program: Command, deps: ProgramDeps): void {
  const deliveries = program.command('deliveries').description('what goes to destinations');
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
