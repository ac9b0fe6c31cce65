import type { Schemas } from '../../../client/schemas.ts';
import { SINCE_OPTIONS, sinceTime } from '../app/search.ts';
import type { FilterField } from '../ui/Filters.tsx';

export type DeliveryState = Schemas['DeliveryState'];
type Named = { id: string; name: string };

export const SEARCH_NAMES = ['state', 'destination', 'mapping', 'event', 'since', 'open'] as const;

/** What stands in the URL of the list; `open` is the delivery at the side. */
export type DeliveriesSearch = { [Name in (typeof SEARCH_NAMES)[number]]?: string | undefined };

export const STATES: readonly DeliveryState[] = [
  'pending',
  'delivering',
  'held',
  'delivered',
  'dead',
  'expired',
  'cancelled',
];

export function filterFields(destinations: readonly Named[], mappings: readonly Named[]): FilterField[] {
  const options = (records: readonly Named[]) => records.map(({ id, name }) => ({ value: id, label: name }));
  return [
    {
      name: 'state',
      title: 'State',
      word: 'that are',
      options: STATES.map((state) => ({ value: state, label: state })),
    },
    { name: 'destination', title: 'Destination', word: 'to', options: options(destinations) },
    { name: 'mapping', title: 'Mapping', word: 'by', options: options(mappings) },
    { name: 'since', title: 'Time', word: 'since', options: SINCE_OPTIONS },
    { name: 'event', title: 'Event id', word: 'of event' },
  ];
}

/** The state that a URL means; another text means any. */
export function stateOf({ state }: DeliveriesSearch): DeliveryState | undefined {
  return STATES.find((known) => known === state);
}

/** The query of the list that the URL means. */
export function deliveriesQuery(search: DeliveriesSearch, now: number) {
  const { destination, mapping, event, since } = search;
  return { state: stateOf(search), destination, mapping, event, from: sinceTime(since, now) };
}
