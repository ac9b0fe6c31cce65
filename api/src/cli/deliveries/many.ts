import type { Schemas } from '../../../client/schemas.ts';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { timesOf } from '../lists/list.ts';
import type { TimeFlags } from '../lists/options.ts';
import { createProgress } from '../terminal/progress.ts';
import type { Column } from '../terminal/table.ts';
import { DELIVERIES } from './deliveries.ts';

export type Verb = 'retry' | 'cancel';
type Request = Schemas['RetryDeliveries'] & Schemas['CancelDeliveries'];
type Answer = Schemas['ManyDeliveries'];
type Outcome = Answer['outcomes'][number];

/** Selection and options of the command. */
export interface ManyFlags extends TimeFlags {
  state?: string;
  event?: string;
  destination?: string;
  mapping?: string;
  rate?: number;
  dryRun?: true;
}

export interface ManyContext extends CommandContext {
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Asks for confirmation; throws if the user declines. */
  confirmed: (question: string) => Promise<void>;
}

/** `deliveries retry --state …` and `deliveries cancel --state …`: counts, asks for confirmation, and works page by page. */
export async function commandMany(verb: Verb, flags: ManyFlags, context: ManyContext): Promise<void> {
  const { output, json } = context;
  const selection = await selectionOf(flags, context);
  const expected = createTally();
  for await (const page of send(verb, { ...selection, dry_run: true }, context)) expected.add(page);
  if (flags.dryRun) {
    await show(expected, verb, context);
    if (!json) output.note('A dry run: nothing was changed.');
    return;
  }
  if (expected.total() === 0) {
    if (json) output.json({ outcomes: [] }, 2);
    return output.note('There are no such deliveries.');
  }
  await context.confirmed(`${verb === 'retry' ? 'Retry' : 'Cancel'} ${await described(expected, context)}?`);
  await work(verb, { ...selection, ...(flags.rate !== undefined && { rate: flags.rate }) }, expected.total(), context);
}

async function selectionOf(flags: ManyFlags, { names, now }: CommandContext): Promise<Request> {
  const { event, state } = flags;
  const destination = flags.destination && (await names.idOf('destinations', flags.destination));
  const mapping = flags.mapping && (await names.idOf('mappings', flags.mapping));
  const { from, to = new Date(now()).toISOString() } = timesOf(flags, now());
  return {
    state: state as Request['state'],
    // Exclude deliveries that reach this state while the command runs.
    to,
    ...(from !== undefined && { from }),
    ...(event !== undefined && { event }),
    ...(destination && { destination }),
    ...(mapping && { mapping }),
  };
}

async function* send(verb: Verb, body: Request, { client, signal }: ManyContext): AsyncGenerator<Outcome[], void> {
  for (let cursor: string | null | undefined; cursor !== null && !signal.aborted; ) {
    const page: Answer = await client.post(`${DELIVERIES}/${verb}`, { body: { ...body, ...(cursor && { cursor }) } });
    yield page.outcomes;
    cursor = page.next_cursor;
  }
}

/** Runs until all are done, Ctrl-C, or the API is unreachable; prints what was done in each case. */
async function work(verb: Verb, request: Request, total: number, context: ManyContext): Promise<void> {
  const { settings, output, json, signal } = context;
  const done = createTally();
  const progress = createProgress(output);
  const rest = () => `${done.total()} of ${total} are done. Run the same command again for the rest.`;
  try {
    for await (const page of send(verb, request, context)) {
      done.add(page);
      const share = Math.min(1, done.total() / total);
      if (!json) progress.show(share, `${done.total()} of ${total} deliveries`);
    }
  } catch (fault) {
    progress.end();
    await show(done, verb, context);
    if (fault instanceof CommandError)
      throw new CommandError(fault.exitCode, `${fault.message}\n  ${rest()}`, { cause: fault });
    throw fault;
  }
  progress.end();
  await show(done, verb, context);
  if (signal.aborted && done.total() < total) throw new CommandError(EXIT.failed, `Stopped: ${rest()}`);
  if (!json && verb === 'retry') output.note(`See what comes of them: ${settings.program} events tail`);
}

/** Sums up outcomes over all pages. */
function createTally() {
  const counted = new Map<string, Outcome>();
  return {
    add(outcomes: Outcome[]): void {
      for (const { destination, outcome, deliveries } of outcomes) {
        const key = `${destination} ${outcome}`;
        counted.set(key, { destination, outcome, deliveries: deliveries + (counted.get(key)?.deliveries ?? 0) });
      }
    },
    outcomes: () => [...counted.values()].sort((a, b) => b.deliveries - a.deliveries),
    total: () => [...counted.values()].reduce((sum, { deliveries }) => sum + deliveries, 0),
  };
}
type Tally = ReturnType<typeof createTally>;

const RESULTS = {
  pending: 'due',
  held: 'held: the destination is disabled or paused',
  cancelled: 'cancelled',
  destination_deleted: 'not retried: the destination was deleted',
  changed: 'left alone: in another state by now',
} as const satisfies Record<Outcome['outcome'], string>;

const COLUMNS: Column[] = [
  { heading: 'DESTINATION', cutTo: 20 },
  { heading: 'DELIVERIES' },
  { heading: 'RESULT', cutTo: 30 },
];

async function show(tally: Tally, verb: Verb, { output, names, json }: CommandContext): Promise<void> {
  const outcomes = tally.outcomes();
  if (json) return output.json({ outcomes }, 2);
  if (outcomes.length === 0) return output.note(`There is nothing to ${verb}.`);
  const rows = outcomes.map(async ({ destination, outcome, deliveries }) => [
    await names.of('destinations', destination),
    String(deliveries),
    RESULTS[outcome],
  ]);
  output.table(COLUMNS, await Promise.all(rows));
}

const NAMED_AT_MOST = 3;

/** `12 deliveries to billing (10), discord (2)` */
async function described(tally: Tally, { names }: CommandContext): Promise<string> {
  const perDestination = new Map<string, number>();
  for (const { destination, deliveries } of tally.outcomes()) {
    perDestination.set(destination, deliveries + (perDestination.get(destination) ?? 0));
  }
  const named = [...perDestination].slice(0, NAMED_AT_MOST).map(async ([id, count]) => {
    return `${await names.of('destinations', id)} (${count})`;
  });
  const others = perDestination.size - named.length;
  const more = others > 0 ? ` and ${others} other destination${others > 1 ? 's' : ''}` : '';
  const total = tally.total();
  return `${total} ${total === 1 ? 'delivery' : 'deliveries'} to ${(await Promise.all(named)).join(', ')}${more}`;
}
