import type { Schemas } from '../../../client/schemas.ts';
import { SINCE_OPTIONS, sinceTime } from '../app/search.ts';
import type { FilterField } from '../ui/Filters.tsx';

export const SEARCH_NAMES = ['source', 'type', 'q', 'trigger', 'correlation_id', 'since', 'open'] as const;

/** What stands in the URL of the list; `open` is the event at the side. */
export type EventsSearch = { [Name in (typeof SEARCH_NAMES)[number]]?: string | undefined };

type Named = Pick<Schemas['Source'], 'id' | 'name'>;

export function filterFields(sources: readonly Named[], triggers: readonly Named[]): FilterField[] {
  const options = (records: readonly Named[]) => records.map(({ id, name }) => ({ value: id, label: name }));
  return [
    {
      name: 'source',
      title: 'Source',
      word: 'from',
      options: options(sources),
    },
    { name: 'type', title: 'Type', word: 'of type', placeholder: 'issues.opened' },
    { name: 'q', title: 'Words', word: 'with', placeholder: 'order 1047' },
    { name: 'since', title: 'Time', word: 'since', options: SINCE_OPTIONS },
    { name: 'correlation_id', title: 'Correlation id', word: 'with correlation id' },
    { name: 'trigger', title: 'Trigger', word: 'raised by', options: options(triggers) },
  ];
}

/** The query of the list that the URL means. */
export function eventsQuery({ source, type, q, trigger, correlation_id, since }: EventsSearch, now: number) {
  return { source, type, q, trigger, correlation_id, from: sinceTime(since, now) };
}
