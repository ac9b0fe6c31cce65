import { type Command, Option } from 'commander';
import { DELIVERY_STATES } from '../../model/delivery.ts';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { addListOptions, addTimeOptions, rateOption } from '../lists/options.ts';
import { replayEvent } from './replay.ts';
import { commandReplay, listReplays, type ReplayManyFlags, replayMany, showReplay } from './replays.ts';

interface ReplayFlags extends Omit<ReplayManyFlags, 'destination' | 'from'> {
  destination?: string[];
  from?: string;
}

/** `replay` and `replays` */
export function addReplays(program: Command, deps: ProgramDeps): void {
  program
    .command('replay [event]')
    .description('new deliveries of a past event, or of all events of a time, each with a new webhook-id')
    .addOption(
      new Option('--mode <mode>', 'the bytes of the first deliveries, or the rules of now')
        .choices(['original', 'current'])
        .default('original'),
    )
    .option('--destination <name|id...>', 'only to these destinations; with --from, to one')
    .option('--from <time>', 'all events since: 15m, 1h, 7d, or a date')
    .option('--to <time>', 'and before (default: now)')
    .option('--source <name|id>', 'with --from: only those of one source')
    .addOption(
      new Option('--status <state>', 'with --from: only what has a delivery in this state').choices(DELIVERY_STATES),
    )
    .option('--only-missing', 'with --from: only where nothing is delivered or still under way')
    .addOption(rateOption('with --from: deliveries per second (default: 50)'))
    .option('--dry-run', 'with --from: say what would be made, and make nothing')
    .addHelpText(
      'after',
      examples(
        'pockethook replay mc2x8k1qpl0aa4z',
        'pockethook replay mc2x8k1qpl0aa4z --mode current --destination discord',
        'pockethook replay --source github --from 3h --only-missing --dry-run',
        'pockethook replay --destination billing --from 2026-11-23T11:00Z --to 2026-11-23T12:00Z --rate 10',
      ),
    )
    .action((event: string | undefined, flags: ReplayFlags, command: Command) => replay(event, flags, command, deps));

  const replays = program.command('replays').description('replays of many events');
  const ls = replays.command('ls').description('list them, newest first');
  addListOptions(addTimeOptions(ls, 'those asked for'), 20)
    .addHelpText('after', examples('pockethook replays ls', 'pockethook replays ls --from 7d --search billing'))
    .action(async (flags, command: Command) => listReplays(flags, contextOf(command, deps)));
  replays
    .command('show <replay>')
    .description('what was asked for, and how far it has come')
    .addHelpText('after', examples('pockethook replays show mc2x8k1tz7b3c9d'))
    .action(async (id: string, _flags, command: Command) => showReplay(id, contextOf(command, deps)));
  for (const verb of ['pause', 'resume', 'cancel'] as const)
    replays
      .command(`${verb} <replay>`)
      .description(MEANS[verb])
      .addHelpText('after', examples(`pockethook replays ${verb} mc2x8k1tz7b3c9d`))
      .action(async (id: string, _flags, command: Command) => commandReplay(id, verb, contextOf(command, deps)));
}

const MEANS = {
  pause: 'make no more deliveries until it is resumed; those that were made go out',
  resume: 'go on with one that is paused, where it was',
  cancel: 'make no more deliveries; those that were made go out',
};

async function replay(event: string | undefined, flags: ReplayFlags, command: Command, deps: ProgramDeps) {
  const { destination, from, ...rest } = flags;
  const manyOnly = [from, flags.to, flags.source, flags.status, flags.onlyMissing, flags.rate, flags.dryRun];
  if (event !== undefined) {
    if (manyOnly.some((flag) => flag !== undefined)) {
      throw new CommandError(EXIT.usage, 'Name one event, or choose many with --from: not both.');
    }
    return replayEvent(event, { mode: flags.mode, ...(destination && { destination }) }, contextOf(command, deps));
  }
  if (from === undefined) {
    throw new CommandError(
      EXIT.usage,
      'Name an event, or choose many: --from 3h, and --source, --destination, --status.',
    );
  }
  const [first, second] = destination ?? [];
  if (second !== undefined) {
    throw new CommandError(EXIT.usage, 'With --from there can be one --destination; make one replay for each.');
  }
  const context = { ...contextOf(command, deps), signal: deps.onInterrupt(), sleep: deps.sleep };
  return replayMany({ ...rest, from, ...(first !== undefined && { destination: first }) }, context);
}
