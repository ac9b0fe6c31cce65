import type { DeliveryState } from '../model/delivery.ts';
import type { AccountScope } from '../store/records.ts';
import type { Told } from './follow.ts';

/** Which rows somebody follows: the lists' filters, without times and texts. A condition that is undefined holds. */
export interface LiveFilter {
  /** `events`, `deliveries`. */
  topics: readonly string[];
  scope: AccountScope;
  event: { [Field in 'source' | 'trigger' | 'type' | 'correlation_id']?: string | undefined };
  delivery: { [Field in 'event' | 'destination' | 'mapping']?: string | undefined };
  /** Of deliveries. */
  state: DeliveryState | undefined;
}

/** `unmatched`: a delivery that may have been among the rows, and is in another state now. */
export type Match = 'matched' | 'unmatched' | 'other';

const TOPICS = { event: 'events', delivery: 'deliveries' } as const;

export function match({ topic, row }: Exclude<Told, { topic: 'reset' }>, filter: LiveFilter): Match {
  if (!filter.topics.includes(TOPICS[topic])) return 'other';
  if (filter.scope !== undefined && row.account !== filter.scope) return 'other';
  for (const [name, value] of Object.entries(filter[topic]))
    if (value !== undefined && row[name as keyof typeof row] !== value) return 'other';
  return topic === 'delivery' && filter.state !== undefined && row.state !== filter.state ? 'unmatched' : 'matched';
}
