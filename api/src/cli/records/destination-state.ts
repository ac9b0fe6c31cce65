import type { Schemas } from '../../../client/schemas.ts';
import type { Client } from '../api/client.ts';
import { relativeTime, shortTime } from '../terminal/times.ts';
import { visibleLine } from '../terminal/visible.ts';

type Destination = Pick<Schemas['Destination'], 'enabled' | 'disabled_reason' | 'paused' | 'health' | 'unreadable'>;
type Delivery = Pick<Schemas['DeliverySummary'], 'state' | 'next_attempt_at' | 'destination'>;

/** The state of a destination in words. `failing`: it is enabled, and its last attempts failed. */
export interface DestinationState {
  kind: 'ok' | 'failing' | 'paused' | 'disabled' | 'unreadable';
  text: string;
}

export function destinationState(destination: Destination, now: number): DestinationState {
  const { enabled, disabled_reason, paused, health, unreadable } = destination;
  if (unreadable !== undefined) return { kind: 'unreadable', text: "can't be read" };
  if (!enabled)
    return { kind: 'disabled', text: disabled_reason ? `disabled: ${visibleLine(disabled_reason)}` : 'disabled' };
  if (paused) return { kind: 'paused', text: 'paused' };
  if (!health?.failing_since) return { kind: 'ok', text: 'ok' };
  const since = `failing since ${shortTime(health.failing_since, now)}`;
  return { kind: 'failing', text: [since, nextProbe(health, now)].filter(Boolean).join(', ') };
}

/** Why a delivery is waiting; empty if it isn't. `destination` is undefined if it was deleted. */
export function whyItWaits(delivery: Delivery, destination: Destination | undefined, now: number): string {
  if (!waits(delivery)) return '';
  const state = destination && destinationState(destination, now);
  if (state && state.kind !== 'ok' && state.kind !== 'failing') return state.text;
  if (delivery.state === 'held' || delivery.next_attempt_at === null) return '';
  const health = destination?.health;
  const probe = health && nextProbe(health, now);
  const due = Date.parse(delivery.next_attempt_at);
  // The delivery's own time may be after the probe's, whose success would close the breaker before then.
  if (probe && due <= Math.max(now, Date.parse(health.next_probe_at ?? ''))) return `breaker open, ${probe}`;
  const when = due <= now ? 'now' : relativeTime(delivery.next_attempt_at, now);
  return when === 'now' ? 'due now' : `next try ${when}`;
}

/** Reads all destinations in one list, if any of the deliveries is waiting; by id. */
export async function destinationsWaitedFor(deliveries: Delivery[], client: Pick<Client, 'list'>) {
  if (!deliveries.some(waits)) return new Map<string, Schemas['Destination']>();
  const { data } = await client.list('/api/v1/destinations', {}, Number.POSITIVE_INFINITY);
  return new Map(data.map((destination) => [destination.id, destination]));
}

function waits({ state }: Pick<Delivery, 'state'>): boolean {
  return state === 'pending' || state === 'held';
}

/** Empty while the breaker is closed: attempts then happen at their own times. */
function nextProbe({ state, next_probe_at }: Schemas['DestinationHealth'], now: number): string {
  if (state === 'half_open') return 'probe under way';
  if (state === 'closed' || next_probe_at === null) return '';
  return Date.parse(next_probe_at) <= now ? 'probe due now' : `next probe ${shortTime(next_probe_at, now)}`;
}
