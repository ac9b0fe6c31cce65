import type { Command } from 'commander';
import type { Schemas } from '../../../client/schemas.ts';
import { contextOf, examples, type ProgramDeps } from '../command.ts';
import type { CommandContext } from '../context.ts';
import { lastResult, stateCell } from '../deliveries/deliveries.ts';
import { explain } from '../events/decisions.ts';
import type { TailContext } from '../events/tail.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

type Delivery = Schemas['DeliverySummary'];

const POLL_MS = 500;
/** Longer than an attempt may take. */
const POLLS_AT_MOST = 40;

/** `triggers test`: a notification that is marked as a test, by the way of every one. */
export function addTriggerTest(triggers: Command, deps: ProgramDeps): void {
  triggers
    .command('test <trigger>')
    .description(
      'send its destinations a notification marked as a test, and say whether each got it; its state stays as it is',
    )
    .addHelpText('after', examples('pockethook triggers test example.com/Spike'))
    .action(async (name: string, _flags, command: Command) => {
      const signal = deps.onInterrupt();
      await testTrigger(name, { ...contextOf(command, deps, signal), signal, sleep: deps.sleep });
    });
}

async function testTrigger(nameOrId: string, context: TailContext): Promise<void> {
  const { client, names, output, json, settings } = context;
  const id = await names.idOf('triggers', nameOrId);
  const sent = await client.post('/api/v1/triggers/{id}/test', { params: { path: { id } } });
  const deliveries = await untilTried(sent.event, context);
  if (json) output.json({ ...sent, deliveries }, 2);
  else {
    output.line(`The test is event ${sent.event}.`);
    for (const delivery of deliveries) output.line(await describe(delivery, context));
    for (const decision of sent.decisions.filter(({ outcome }) => outcome === 'error'))
      output.line(`${await names.of('destinations', decision.destination)}: ${explain(decision)}`);
  }
  const missing = sent.decisions.length - deliveries.filter(({ state }) => state === 'delivered').length;
  if (missing > 0)
    throw new CommandError(
      EXIT.failed,
      `${missing} of ${sent.decisions.length} did not get it yet: ${settings.program} deliveries ls --event ${sent.event}`,
    );
}

/** Once each was attempted, is held, or nobody wants to wait any longer. */
async function untilTried(event: string, { client, signal, sleep }: TailContext): Promise<Delivery[]> {
  for (let poll = 0; ; poll++) {
    const { data } = await client.list('/api/v1/deliveries', { event }, Number.POSITIVE_INFINITY);
    const isUnderWay = ({ state, attempts_made }: Delivery) =>
      state === 'delivering' || (state === 'pending' && attempts_made === 0);
    if (!data.some(isUnderWay) || poll === POLLS_AT_MOST || signal.aborted) return data;
    await sleep(POLL_MS, signal);
  }
}

async function describe(delivery: Delivery, { names, output }: CommandContext): Promise<string> {
  const name = await names.of('destinations', delivery.destination);
  return [`${name}: ${output.painted(stateCell(delivery.state))}`, lastResult(delivery)].filter(Boolean).join('  ');
}
