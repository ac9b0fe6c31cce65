import type { Schemas } from '../../../client/schemas.ts';
import type { DeliveryState } from '../../model/delivery.ts';
import type { CommandContext } from '../context.ts';
import { printList, timesOf } from '../lists/list.ts';
import type { ListFlags, TimeFlags } from '../lists/options.ts';
import { destinationsWaitedFor, whyItWaits } from '../records/destination-state.ts';
import { bodyForPeople } from '../terminal/body.ts';
import type { Output } from '../terminal/output.ts';
import type { Cell, Column } from '../terminal/table.ts';
import { relativeTime } from '../terminal/times.ts';
import { visible, visibleLine } from '../terminal/visible.ts';

export const DELIVERIES = '/api/v1/deliveries';
const DELIVERY = '/api/v1/deliveries/{id}';

export interface DeliveryListFlags extends ListFlags, TimeFlags {
  event?: string;
  destination?: string;
  state?: DeliveryState;
  source?: string;
  type?: string;
  correlationId?: string;
  replay?: string;
}

/** `deliveries ls` */
export async function listDeliveries(flags: DeliveryListFlags, context: CommandContext) {
  const { names, now } = context;
  const query = {
    event: flags.event,
    destination: flags.destination === undefined ? undefined : await names.idOf('destinations', flags.destination),
    state: flags.state,
    source: flags.source === undefined ? undefined : await names.idOf('sources', flags.source),
    type: flags.type,
    correlation_id: flags.correlationId,
    replay_id: flags.replay,
    ...timesOf(flags, now()),
  };
  const table = (deliveries: Schemas['DeliverySummary'][]) => deliveriesTable(deliveries, context, flags.event);
  await printList({ path: DELIVERIES, query, nothing: 'There are no such deliveries.', table }, flags, context);
}

const COLUMNS: Column[] = [
  { heading: 'CREATED' },
  { heading: 'DESTINATION', cutTo: 12 },
  { heading: 'STATE' },
  { heading: 'ATTEMPTS', optional: 2 },
  { heading: 'LAST', cutTo: 10 },
  { heading: 'WAITS', cutTo: 10 },
  { heading: 'EVENT', optional: 1 },
  { heading: 'DELIVERY' },
];

/** @param ofEvent all deliveries are of this event, so the column is left out */
export async function deliveriesTable(
  deliveries: Schemas['DeliverySummary'][],
  { client, names, output, now }: CommandContext,
  ofEvent?: string,
) {
  const destinations = await destinationsWaitedFor(deliveries, client);
  const rows = deliveries.map(async (delivery) => [
    relativeTime(delivery.created, now()),
    await names.of('destinations', delivery.destination),
    stateCell(delivery.state),
    String(delivery.attempts_made),
    lastResult(delivery),
    whyItWaits(delivery, destinations.get(delivery.destination), now()),
    ofEvent === undefined ? delivery.event : '',
    delivery.id,
  ]);
  output.table(COLUMNS, await Promise.all(rows));
}

/** `deliveries show` */
export async function showDelivery(id: string, { client, names, output, now, json }: CommandContext) {
  const delivery = await client.get(DELIVERY, { params: { path: { id } } });
  if (json) return output.json(delivery, 2);
  const destinations = await destinationsWaitedFor([delivery], client);
  output.fields([
    ['Destination', await names.of('destinations', delivery.destination)],
    ['State', output.painted(stateCell(delivery.state))],
    ['Waits', whyItWaits(delivery, destinations.get(delivery.destination), now())],
    ['Last error', visibleLine(delivery.last_error)],
    ['Mapping', delivery.mapping && (await names.of('mappings', delivery.mapping))],
    ['Replay', replayText(delivery)],
    ['Created', `${visibleLine(delivery.created)} (${relativeTime(delivery.created, now())})`],
    ['Expires', `${visibleLine(delivery.expires_at)} (${relativeTime(delivery.expires_at, now())})`],
    ['Event', delivery.event],
    ['Delivery', delivery.id],
  ]);
  output.heading(`Request body ${output.paint('dim', visibleLine(delivery.request_content_type))}`);
  output.line(bodyForPeople(delivery.request_body, delivery.request_body_encoding));
  if (delivery.attempts.length === 0) return output.line('\nNo attempt was made yet.');
  for (const attempt of delivery.attempts) showAttempt(attempt, output);
}

function replayText({ replay, replay_id }: Schemas['Delivery']): string {
  if (replay === '') return '';
  const how = `with ${replay === 'original' ? 'the original bytes' : 'the current rules'}`;
  return replay_id === '' ? how : `${how}, by ${replay_id}`;
}

function showAttempt(attempt: Schemas['Attempt'], output: Output): void {
  output.heading(`Attempt ${attempt.number}`);
  output.fields([
    ['Started', visibleLine(attempt.started_at)],
    ['Took', `${Math.round(attempt.duration_ms)} ms`],
    ['Outcome', output.paint(attempt.outcome === 'success' ? 'green' : 'red', attempt.outcome)],
    ['Status', attempt.status === 0 ? '' : String(attempt.status)],
    [attempt.outcome === 'success' ? 'Note' : 'Error', visibleLine(attempt.error)],
    ...Object.entries(attempt.response_headers).map(([name, value]): [string, string] => [
      `  ${visibleLine(name)}`,
      visibleLine(value),
    ]),
  ]);
  if (attempt.response_body) output.line(visible(attempt.response_body));
}

/** `deliveries retry` */
export async function retryDelivery(id: string, { settings, client, output, json }: CommandContext) {
  const result = await client.post(`${DELIVERY}/retry`, { params: { path: { id } } });
  if (json) return output.json(result, 2);
  const show = `${settings.program} deliveries show ${result.id}`;
  output.line(
    result.state === 'held'
      ? `Delivery ${result.id} is held, and goes out when its destination takes deliveries again. See why: ${show}`
      : `Delivery ${result.id} is due now. See what comes of it: ${show}`,
  );
}

/** `deliveries cancel` */
export async function cancelDelivery(id: string, { settings, client, output, json }: CommandContext) {
  const result = await client.post(`${DELIVERY}/cancel`, { params: { path: { id } } });
  if (json) return output.json(result, 2);
  output.line(
    `Delivery ${result.id} is cancelled. To send it all the same: ${settings.program} deliveries retry ${result.id}`,
  );
}

const STATE_STYLES = {
  pending: 'cyan',
  delivering: 'cyan',
  held: 'yellow',
  delivered: 'green',
  dead: 'red',
  expired: 'red',
  cancelled: 'dim',
} as const satisfies Record<DeliveryState, string>;

export function stateCell(state: DeliveryState): Cell {
  return { text: state, style: STATE_STYLES[state] };
}

/** Status and error of the last attempt, if there are any. */
export function lastResult({ last_status, last_error }: Schemas['DeliverySummary']): string {
  if (last_error) return visibleLine(last_error);
  return last_status === 0 ? '' : String(last_status);
}
