import { DELIVERY_STATES, type DeliveryState, deliveryState } from '../app/delivery-states.ts';
import { SINCE_OPTIONS, sinceTime } from '../app/search.ts';
import type { FilterField } from '../ui/Filters.tsx';

export type { DeliveryState };

type Named = { id: string; name: string };

export const SEARCH_NAMES = [
  'state',
  'destination',
  'source',
  'mapping',
  'type',
  'q',
  'correlation_id',
  'event',
  'replay_id',
  'since',
  'open',
] as const;

/** What stands in the URL of the list; `open` is the delivery at the side. */
export type DeliveriesSearch = { [Name in (typeof SEARCH_NAMES)[number]]?: string | undefined };

interface Choices {
  destinations: readonly Named[];
  sources: readonly Named[];
  mappings: readonly Named[];
}

export function filterFields({ destinations, sources, mappings }: Choices): FilterField[] {
  const options = (records: readonly Named[]) => records.map(({ id, name }) => ({ value: id, label: name }));
  return [
    {
      name: 'state',
      title: 'State',
      word: 'that are',
      options: DELIVERY_STATES.map((state) => ({ value: state, label: state })),
    },
    { name: 'destination', title: 'Destination', word: 'to', options: options(destinations) },
    { name: 'source', title: 'Source', word: 'from', options: options(sources) },
    { name: 'mapping', title: 'Mapping', word: 'by', options: options(mappings) },
    { name: 'type', title: 'Type of the event', word: 'of type', placeholder: 'issues.opened' },
    { name: 'q', title: 'Words of the event', word: 'with', placeholder: 'order 1047' },
    { name: 'since', title: 'Time', word: 'since', options: SINCE_OPTIONS },
    { name: 'correlation_id', title: 'Correlation id', word: 'with correlation id' },
    { name: 'event', title: 'Event id', word: 'of event' },
    { name: 'replay_id', title: 'Replay id', word: 'of replay' },
  ];
}

/** The state that a URL means; another text means any. */
export function stateOf({ state }: DeliveriesSearch): DeliveryState | undefined {
  return deliveryState(state);
}

/** The query of the list that the URL means. */
export function deliveriesQuery(search: DeliveriesSearch, now: number) {
  const { destination, source, mapping, type, q, correlation_id, event, replay_id, since } = search;
  const state = stateOf(search);
  return {
    state,
    destination,
    source,
    mapping,
    type,
    q,
    correlation_id,
    event,
    replay_id,
    from: sinceTime(since, now),
  };
}
