import type { Schemas } from '../../../client/schemas.ts';
import { DELIVERY_STATES, deliveryState } from '../app/delivery-states.ts';
import { SINCE_OPTIONS, sinceTime } from '../app/search.ts';
import type { FilterField } from '../ui/Filters.tsx';

export const SEARCH_NAMES = [
  'source',
  'type',
  'q',
  'trigger',
  'correlation_id',
  'destination',
  'state',
  'since',
  'open',
] as const;

/** What stands in the URL of the list; `open` is the event at the side. */
export type EventsSearch = { [Name in (typeof SEARCH_NAMES)[number]]?: string | undefined };

type Named = Pick<Schemas['Source'], 'id' | 'name'>;

export function filterFields(
  sources: readonly Named[],
  destinations: readonly Named[],
  triggers: readonly Named[],
): FilterField[] {
  const options = (records: readonly Named[]) => records.map(({ id, name }) => ({ value: id, label: name }));
  return [
    {
      name: 'source',
      title: 'Source',
      word: 'from',
      options: options(sources),
    },
    { name: 'type', title: 'Type', word: 'of type', placeholder: 'issues.opened' },
    { name: 'destination', title: 'Destination', word: 'to', options: options(destinations) },
    {
      name: 'state',
      title: 'State of a delivery',
      word: 'with a delivery that is',
      options: DELIVERY_STATES.map((state) => ({ value: state, label: state })),
    },
    { name: 'q', title: 'Words', word: 'with', placeholder: 'order 1047' },
    { name: 'since', title: 'Time', word: 'since', options: SINCE_OPTIONS },
    { name: 'correlation_id', title: 'Correlation id', word: 'with correlation id' },
    { name: 'trigger', title: 'Trigger', word: 'raised by', options: options(triggers) },
  ];
}

/** The query of the list that the URL means. */
export function eventsQuery({ since, ...search }: EventsSearch, now: number) {
  const { source, type, q, trigger, correlation_id, destination } = search;
  const state = deliveryState(search.state);
  return { source, type, q, trigger, correlation_id, destination, state, from: sinceTime(since, now) };
}
