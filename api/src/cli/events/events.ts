import type { Schemas } from '../../../client/schemas.ts';
import type { DeliveryState } from '../../model/delivery.ts';
import { MAX_HOPS } from '../../model/hops.ts';
import type { CommandContext } from '../context.ts';
import { DELIVERIES, deliveriesTable } from '../deliveries/deliveries.ts';
import { printList, timesOf } from '../lists/list.ts';
import type { ListFlags, TimeFlags } from '../lists/options.ts';
import { bodyForPeople } from '../terminal/body.ts';
import { printJson } from '../terminal/json.ts';
import type { Column } from '../terminal/table.ts';
import { relativeTime } from '../terminal/times.ts';
import { visibleLine } from '../terminal/visible.ts';
import { explain, seen, summarise, valuesRead } from './decisions.ts';
import { originOf, ruleOf } from './origin.ts';

const EVENTS = '/api/v1/events';

export interface EventFilterFlags {
  source?: string;
  trigger?: string;
  type?: string;
}

export interface EventListFlags extends EventFilterFlags, ListFlags, TimeFlags {
  correlationId?: string;
  destination?: string;
  state?: DeliveryState;
}

const COLUMNS: Column[] = [
  { heading: 'RECEIVED' },
  { heading: 'SOURCE', cutTo: 12 },
  { heading: 'TYPE', cutTo: 12 },
  { heading: 'DECISIONS', cutTo: 12 },
  { heading: 'DUPLICATES', optional: 1 },
  { heading: 'EVENT' },
];

/** `events ls` */
export async function listEvents(flags: EventListFlags, context: CommandContext) {
  const { names, now } = context;
  const query = {
    ...(await eventQuery(flags, names)),
    correlation_id: flags.correlationId,
    destination: flags.destination === undefined ? undefined : await names.idOf('destinations', flags.destination),
    state: flags.state,
    ...timesOf(flags, now()),
  };
  const table = (events: Schemas['EventSummary'][]) => eventsTable(events, context);
  await printList({ path: EVENTS, query, nothing: 'There are no such events.', table }, flags, context);
}

async function eventsTable(events: Schemas['EventSummary'][], { names, output, now }: CommandContext) {
  const rows = events.map(async (event) => [
    relativeTime(event.received_at, now()),
    await originOf(event, names),
    visibleLine(event.type),
    summarise(event.decisions),
    event.duplicates > 0 ? String(event.duplicates) : '',
    event.id,
  ]);
  output.table(COLUMNS, await Promise.all(rows));
}

/** The API's query parameters for the flags that select events. */
export async function eventQuery({ source, trigger, type }: EventFilterFlags, names: CommandContext['names']) {
  return {
    source: source === undefined ? undefined : await names.idOf('sources', source),
    trigger: trigger === undefined ? undefined : await names.idOf('triggers', trigger),
    type,
  };
}

/** `events show` */
export async function showEvent(id: string, context: CommandContext) {
  const { client, names, output, now, json } = context;
  const event = await client.get(`${EVENTS}/{id}`, { params: { path: { id } } });
  await addFurtherDeliveries(event, client);
  if (json) return output.json(event, 2);
  output.fields([
    [event.trigger === '' ? 'Source' : 'Raised by', await originOf(event, names)],
    ['Type', visibleLine(event.type)],
    ['Request', visibleLine(`${event.method} ${event.query && `?${event.query}`}`)],
    [
      'Hops',
      event.hops > 0 ? `${event.hops} of ${MAX_HOPS}: how often it was passed on, more with many deliveries` : '',
    ],
    ['Duplicates', event.duplicates > 0 ? String(event.duplicates) : ''],
    ['Received', `${visibleLine(event.received_at)} (${relativeTime(event.received_at, now())})`],
    ['Dedupe key', visibleLine(event.dedupe_key)],
    ['Correlation id', visibleLine(event.correlation_id)],
    ['Event', event.id],
  ]);
  output.heading('Headers');
  output.fields(event.headers.map(([name = '', value = '']) => [visibleLine(name), visibleLine(value)]));
  output.heading('Body');
  output.line(bodyForPeople(event.body, event.body_encoding));
  showExtracted(event, context);
  await showDecisions(event, context);
  if (event.deliveries.length === 0) return;
  output.heading('Deliveries');
  await deliveriesTable(event.deliveries, context, event.id);
}

/** Reads all deliveries of an event, since the event itself contains only the first ones. */
async function addFurtherDeliveries(event: Schemas['Event'], client: CommandContext['client']): Promise<void> {
  if (event.deliveries_next_cursor === null) return;
  const query = { event: event.id, cursor: event.deliveries_next_cursor };
  const { data } = await client.list(DELIVERIES, query, Number.POSITIVE_INFINITY);
  event.deliveries.push(...data);
  event.deliveries_next_cursor = null;
}

function showExtracted({ extracted }: Schemas['Event'], { output }: CommandContext): void {
  const entries = Object.entries(extracted).sort(([a], [b]) => (a < b ? -1 : 1));
  if (entries.length === 0) return;
  output.heading('Extracted');
  output.fields(entries.map(([name, value]) => [visibleLine(name), printJson(value)]));
}

async function showDecisions(
  { id, trigger, decisions }: Schemas['Event'],
  { settings, names, output }: CommandContext,
): Promise<void> {
  output.heading('Decisions');
  if (decisions.length === 0)
    output.line(
      `The ${trigger === '' ? 'source had no mapping' : 'trigger had no destination'}. Make one, then replay the event: ${settings.program} replay ${id} --mode current`,
    );
  for (const decision of decisions) {
    output.line(`${await ruleOf(decision, names)}: ${explain(decision)}`);
    for (const value of valuesRead(decision)) output.line(`  ${output.paint('dim', seen(value))}`);
  }
}
