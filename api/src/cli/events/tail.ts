import { createConnection } from '../api/connection.ts';
import type { CommandContext } from '../context.ts';
import { type EventFilterFlags, eventQuery } from './events.ts';
import { createTailPrinter } from './tail-printer.ts';

export interface TailFlags extends EventFilterFlags {
  /** How many past events to print first. */
  limit: number;
}

export interface TailContext extends CommandContext {
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Sleeps; resolves early when the signal is aborted. */
  sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const POLL_MS = 1_000;
const PAGE = 200;

/**
 * `events tail`: polls for accepted events, by `after_seq`, and for changes of their deliveries. Resolves when the signal
 * is aborted. If the API becomes unreachable after its first response, it keeps trying.
 */
export async function tailEvents(flags: TailFlags, context: TailContext): Promise<void> {
  const { client, output, signal, sleep } = context;
  const query = await eventQuery(flags, context.names);
  const list = (limit: number, after_seq?: number) => client.list('/api/v1/events', { ...query, after_seq }, limit);
  const printer = createTailPrinter(context);
  const connection = createConnection(output, signal, 'no event will be missed');

  const past = (await list(Math.max(flags.limit, 1))).data;
  let position = past[0]?.seq ?? 0;
  for (const event of past.slice(0, flags.limit).reverse()) await printer.event(event);
  if (!context.json) output.note('Waiting for events; Ctrl-C ends it.');

  while (!signal.aborted) {
    const caughtUp = await connection.attempt(async () => {
      const { data } = await list(PAGE, position);
      for (const event of data) {
        await printer.event(event);
        position = event.seq;
      }
      await printer.deliveries();
      return data.length < PAGE;
    });
    if (caughtUp) await sleep(POLL_MS, signal);
  }
}
