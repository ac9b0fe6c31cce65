import type { DeliveryState } from '../model/delivery.ts';
import type { Decision } from '../model/event.ts';
import type { AccountScope } from '../store/records.ts';
import type { Told } from './follow.ts';

/** Which rows somebody follows: the lists' filters, without times and texts. A condition that is undefined holds. */
export interface LiveFilter {
  /** `events`, `deliveries`. */
  topics: readonly string[];
  scope: AccountScope;
  /** Of an event, or the event of a delivery. */
  event: { [Field in 'source' | 'trigger' | 'type' | 'correlation_id']?: string | undefined };
  delivery: { [Field in 'event' | 'mapping' | 'replay_id']?: string | undefined };
  /** Of a delivery, or of one that was planned for an event. */
  destination: string | undefined;
  /** Of deliveries. */
  state: DeliveryState | undefined;
}

/** `unmatched`: a delivery that may have been among the rows, and is in another state now. */
export type Match = 'matched' | 'unmatched' | 'other';

export function match(told: Exclude<Told, { topic: 'reset' }>, filter: LiveFilter): Match {
  if (filter.scope !== undefined && told.row.account !== filter.scope) return 'other';
  if (told.topic === 'event') {
    const fits =
      filter.topics.includes('events') && has(told.row, filter.event) && goesTo(told.row, filter.destination);
    return fits ? 'matched' : 'other';
  }
  if (!filter.topics.includes('deliveries') || !has(told.of ?? {}, filter.event)) return 'other';
  if (!has(told.row, { ...filter.delivery, destination: filter.destination })) return 'other';
  return filter.state !== undefined && told.row.state !== filter.state ? 'unmatched' : 'matched';
}

function has(row: object, wanted: Record<string, string | undefined>): boolean {
  const fields = row as Record<string, unknown>;
  return Object.entries(wanted).every(([name, value]) => value === undefined || fields[name] === value);
}

function goesTo({ decisions }: { decisions: Decision[] }, destination: string | undefined): boolean {
  return destination === undefined || decisions.some((one) => one.destination === destination && 'delivery' in one);
}
