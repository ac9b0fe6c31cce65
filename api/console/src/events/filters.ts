import type { Schemas } from '../../../client/schemas.ts';
import { SINCE_OPTIONS, sinceTime } from '../app/search.ts';
import type { FilterField } from '../ui/Filters.tsx';

export const SEARCH_NAMES = ['source', 'type', 'correlation_id', 'since', 'open'] as const;

/** What stands in the URL of the list; `open` is the event at the side. */
export type EventsSearch = { [Name in (typeof SEARCH_NAMES)[number]]?: string | undefined };

export function filterFields(sources: readonly Pick<Schemas['Source'], 'id' | 'name'>[]): FilterField[] {
  return [
    {
      name: 'source',
      title: 'Source',
      word: 'from',
      options: sources.map(({ id, name }) => ({ value: id, label: name })),
    },
    { name: 'type', title: 'Type', word: 'of type', placeholder: 'issues.opened' },
    { name: 'since', title: 'Time', word: 'since', options: SINCE_OPTIONS },
    { name: 'correlation_id', title: 'Correlation id', word: 'with correlation id' },
  ];
}

/** The query of the list that the URL means. */
export function eventsQuery({ source, type, correlation_id, since }: EventsSearch, now: number) {
  return { source, type, correlation_id, from: sinceTime(since, now) };
}
