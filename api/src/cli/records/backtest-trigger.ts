import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import type { CommandContext } from '../context.ts';

export interface BacktestFlags {
  days?: number;
  threshold?: number;
  relativeThreshold?: number;
  nth?: number;
}

const COLUMNS = ['TIME', 'TYPE', 'VALUE', 'THRESHOLD'].map((heading) => ({ heading }));

/** `triggers backtest`: what a trigger would have told, as it is or with another threshold. */
export function addTriggerBacktest(triggers: Command, deps: ProgramDeps): void {
  triggers
    .command('backtest <trigger>')
    .description('how often it would have told in the last days, when, and which threshold would be calm')
    .option('--days <n>', 'of the last so many days, 1 to 30', wholeNumber(30), 30)
    .option('--threshold <n>', 'with this threshold in place of its own', wholeNumber(1_000_000_000))
    .option('--relative-threshold <x>', 'with so many times the usual number as its threshold', positive)
    .option('--nth <n>', 'of a goal: telling every how many completions', wholeNumber(1_000_000))
    .addHelpText(
      'after',
      examples(
        'pockethook triggers backtest example.com/Spike',
        'pockethook triggers backtest example.com/Spike --threshold 250 --days 14',
        'pockethook triggers backtest example.com/Signups --nth 100',
      ),
    )
    .action(async (name: string, flags, command: Command) => backtestTrigger(name, flags, contextOf(command, deps)));
}

async function backtestTrigger(nameOrId: string, flags: BacktestFlags, context: CommandContext): Promise<void> {
  const { client, names, output, json } = context;
  const trigger = await names.idOf('triggers', nameOrId);
  const draft = {
    ...(flags.threshold !== undefined && { threshold: flags.threshold, relative_threshold: 0 }),
    ...(flags.relativeThreshold !== undefined && { threshold: 0, relative_threshold: flags.relativeThreshold }),
    ...(flags.nth !== undefined && { notify: 'every_nth' as const, nth: flags.nth }),
  };
  const days = flags.days ?? 30;
  const result = await client.post('/api/v1/triggers/backtest', { body: { trigger, draft, days } });
  if (json) return output.json(result, 2);
  const { from, to, judged, count, firings, suggested_threshold } = result;
  output.line(`It would have told ${count} ${count === 1 ? 'time' : 'times'} from ${from} to ${to}.`);
  if (firings.length > 0) {
    const rows = firings.map(({ at, type, value, threshold }) => [at, type, String(value), String(threshold)]);
    output.table(COLUMNS, rows);
  }
  if (count > firings.length) output.note(`These are the first ${firings.length}.`);
  if (judged < 1)
    output.note(
      `${Math.round(judged * 100)} % of the time could be judged: the rest was not counted, or what is usual was not known yet.`,
    );
  output.line(suggestion(suggested_threshold, await isOfGoal(trigger, context)));
}

async function isOfGoal(id: string, { client }: CommandContext): Promise<boolean> {
  return (await client.get('/api/v1/triggers/{id}', { params: { path: { id } } })).type === 'goal_completion';
}

function suggestion(threshold: number | null, isOfGoal: boolean): string {
  if (threshold === null) return 'Nothing was counted to suggest a threshold by.';
  return isOfGoal
    ? `Telling every ${threshold} completions (--notify every_nth --nth ${threshold}) it would have told about once a week.`
    : `With a threshold of ${threshold} it would have told about once a week.`;
}

function wholeNumber(atMost: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : 0;
    if (value >= 1 && value <= atMost) return value;
    throw new InvalidArgumentError(`Write a whole number from 1 to ${atMost}.`);
  };
}

function positive(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1000) return value;
  throw new InvalidArgumentError('Write a number above 0, up to 1000, such as 3 or 0.5.');
}
