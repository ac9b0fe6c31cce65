import type { Schemas } from '../../../client/schemas.ts';
import { standingOf } from '../app/standing.ts';
import type { FilterField } from '../ui/Filters.tsx';

export const SEARCH_NAMES = ['type', 'standing', 'name'] as const;

export type DestinationsSearch = { [Name in (typeof SEARCH_NAMES)[number]]?: string };

type Destination = Schemas['Destination'];

const TYPES: readonly Schemas['DestinationType'][] = ['http', 'discord', 'slack', 'teams', 'telegram', 'ntfy', 'inbox'];

export const FILTER_FIELDS: readonly FilterField[] = [
  {
    name: 'type',
    title: 'Type',
    word: 'of type',
    options: TYPES.map((type) => ({ value: type, label: type })),
  },
  {
    name: 'standing',
    title: 'State',
    word: 'that are',
    options: ['healthy', 'failing', 'probing', 'paused', 'disabled', 'unreadable'].map((word) => ({
      value: word,
      label: word,
    })),
  },
  { name: 'name', title: 'Name', word: 'named', placeholder: 'part of the name' },
];

/** Destinations are few, so all are read and filtered here. */
export function fits(destination: Destination, { type, standing, name }: DestinationsSearch): boolean {
  return (
    (type === undefined || destination.type === type) &&
    (standing === undefined || standingOf(destination).word === standing) &&
    (name === undefined || destination.name.toLowerCase().includes(name.toLowerCase()))
  );
}
