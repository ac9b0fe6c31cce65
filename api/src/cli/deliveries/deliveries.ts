import type { Schemas } from '../../../client/schemas.ts';
import type { DeliveryState } from '../../model/delivery.ts';
import type { CommandContext } from '../context.ts';
import { printList, timesOf } from '../lists/list.ts';
import type { ListFlags, TimeFlags } from '../lists/options.ts';
import { destinationsWaitedFor, whyItWaits } from '../records/destination-state.ts';
import { bodyForPeople } from '../terminal/body.ts';
import type { Output } from '../terminal/output.ts';
import { shortened } from '../terminal/output.ts';
import { relativeTime } from '../terminal/times.ts';
import { visible, visibleLine } from '../terminal/visible.ts';

export const DELIVERIES = '/api/v1/deliveries';
const DELIVERY = '/api/v1/deliveries/{id}';

export interface DeliveryListFlags extends ListFlags, TimeFlags {
  event?: string;
  destination?: string;
  state?: DeliveryState;
}

/** `deliveries ls` */
export async function listDeliveries(flags: DeliveryListFlags, context: CommandContext) {
  const { names, now } = context;
  const query = {
    event: flags.event,
    destination: flags.destination === undefined ? undefined : await names.idOf('destinations', flags.destination),
    state: flags.state,
    ...timesOf(flags, now()),
  };
  const table = (deliveries: Schemas['DeliverySummary'][]) => deliveriesTable(deliveries, context);
  await printList({ path: DELIVERIES, query, nothing: 'There are no such deliveries.', table }, flags, context);
}

export async function deliveriesTable(
  deliveries: Schemas['DeliverySummary'][],
  { client, names, output, now }: CommandContext,
) {
  const destinations = await destinationsWaitedFor(deliveries, client);
  const rows = deliveries.map(async (delivery) => [
    delivery.id,
    relativeTime(delivery.created, now()),
    delivery.event,
    await names.of('destinations', delivery.destination),
    paintState(delivery.state, output),
    String(delivery.attempts_made),
    lastResult(delivery),
    shortened(whyItWaits(delivery, destinations.get(delivery.destination), now())),
  ]);
  const heading = ['DELIVERY', 'CREATED', 'EVENT', 'DESTINATION', 'STATE', 'ATTEMPTS', 'LAST', 'WAITS'];
  output.table(heading, await Promise.all(rows));
}

/** `deliveries show` */
export async function showDelivery(id: string, { client, names, output, now, json }: CommandContext) {
  const delivery = await client.get(DELIVERY, { params: { path: { id } } });
  if (json) return output.json(delivery, 2);
  const destinations = await destinationsWaitedFor([delivery], client);
  output.fields([
    ['Delivery', delivery.id],
    ['Event', delivery.event],
    ['Destination', await names.of('destinations', delivery.destination)],
    ['Mapping', await names.of('mappings', delivery.mapping)],
    [
      'Replay',
      delivery.replay && `with ${delivery.replay === 'original' ? 'the original bytes' : 'the current rules'}`,
    ],
    ['State', paintState(delivery.state, output)],
    ['Created', `${visibleLine(delivery.created)} (${relativeTime(delivery.created, now())})`],
    ['Waits', whyItWaits(delivery, destinations.get(delivery.destination), now())],
    ['Expires', `${visibleLine(delivery.expires_at)} (${relativeTime(delivery.expires_at, now())})`],
    ['Last error', visibleLine(delivery.last_error)],
  ]);
  output.heading(`Request body ${output.paint('dim', visibleLine(delivery.request_content_type))}`);
  output.line(bodyForPeople(delivery.request_body, delivery.request_body_encoding));
  if (delivery.attempts.length === 0) return output.line('\nNo attempt was made yet.');
  for (const attempt of delivery.attempts) showAttempt(attempt, output);
}

function showAttempt(attempt: Schemas['Attempt'], output: Output): void {
  output.heading(`Attempt ${attempt.number}`);
  output.fields([
    ['Started', visibleLine(attempt.started_at)],
    ['Took', `${Math.round(attempt.duration_ms)} ms`],
    ['Outcome', output.paint(attempt.outcome === 'success' ? 'green' : 'red', attempt.outcome)],
    ['Status', attempt.status === 0 ? '' : String(attempt.status)],
    ['Error', visibleLine(attempt.error)],
    ...Object.entries(attempt.response_headers).map(([name, value]): [string, string] => [
      `  ${visibleLine(name)}`,
      visibleLine(value),
    ]),
  ]);
  if (attempt.response_body) output.line(visible(attempt.response_body));
}

/** `deliveries retry` */
export async function retryDelivery(id: string, { client, output, json }: CommandContext) {
  const result = await client.post(`${DELIVERY}/retry`, { params: { path: { id } } });
  if (json) return output.json(result, 2);
  output.line(
    result.state === 'held'
      ? `Delivery ${result.id} is held: its destination is disabled. It goes out when the destination is enabled.`
      : `Delivery ${result.id} is due now. See what comes of it: pockethook deliveries show ${result.id}`,
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

export function paintState(state: DeliveryState, { paint }: Pick<Output, 'paint'>): string {
  return paint(STATE_STYLES[state], state);
}

/** Status and error of the last attempt, as far as there are any. */
export function lastResult({ last_status, last_error }: Schemas['DeliverySummary']): string {
  if (last_error) return shortened(last_error);
  return last_status === 0 ? '' : String(last_status);
}
