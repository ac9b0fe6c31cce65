import { type Command, InvalidArgumentError, Option } from 'commander';

/** Options of every list. */
export interface ListFlags {
  limit: number;
  all?: true;
  cursor?: string;
  /** By name or id. */
  account?: string;
  search?: string;
  jsonl?: true;
  csv?: true;
}

/** Additional options of lists of history. */
export interface TimeFlags {
  from?: string;
  to?: string;
  /** The former name of `--from`. */
  since?: string;
}

/** Adds `--from` and `--to`; `which` describes the rows in the help, such as `those accepted`. */
export function addTimeOptions(command: Command, which: string): Command {
  return command
    .option('--from <time>', `only ${which} since: 15m, 1h, 7d, a date (UTC) or a time`)
    .option('--to <time>', 'and before (default: now)')
    .addOption(new Option('--since <time>', 'the same as --from').hideHelp());
}

/** Adds the options for limit, search and format. `usual` is the default of `--limit`. */
export function addListOptions(command: Command, usual: number): Command {
  return command
    .option('--search <text>', 'only those with this text in a field or name; looks at 10,000, or with --all at all')
    .addOption(limitOption(usual, 1))
    .addOption(new Option('--all', 'every one there is').conflicts('limit'))
    .option('--cursor <cursor>', 'go on where a list ended')
    .option('--account <name|id>', 'for operators: only of this account')
    .addOption(new Option('--jsonl', 'one JSON document a line, as pages arrive').conflicts('csv'))
    .option('--csv', 'for spreadsheets, with a heading');
}

const LIMIT_AT_MOST = 10_000;

/** Parses `--limit`, at least `least`. */
export function limitOption(usual: number, least: number): Option {
  return new Option('--limit <n>', 'how many').default(usual).argParser((text) => {
    const limit = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (limit >= least && limit <= LIMIT_AT_MOST) return limit;
    throw new InvalidArgumentError(`Write a number from ${least} to ${LIMIT_AT_MOST}.`);
  });
}

const RATE_AT_MOST = 1_000;

/** Parses `--rate`, in deliveries per second. */
export function rateOption(means: string): Option {
  return new Option('--rate <n>', means).argParser((text) => {
    const rate = /^\d+$/.test(text) ? Number(text) : 0;
    if (rate >= 1 && rate <= RATE_AT_MOST) return rate;
    throw new InvalidArgumentError(`Write a number from 1 to ${RATE_AT_MOST}.`);
  });
}
