import type { Schemas } from '../../../client/schemas.ts';
import { type Column, List } from '../ui/List.tsx';
import { Time } from '../ui/Time.tsx';
import { conditionOf } from './condition.ts';
import { PhaseMark } from './Standing.tsx';

type Trigger = Schemas['Trigger'];

const COLUMNS: Column<Trigger>[] = [
  { head: 'Trigger', cell: ({ name }) => name },
  { head: 'State', width: '132px', cell: ({ state }) => <PhaseMark state={state} /> },
  { head: 'Tells of', width: '36%', wide: true, cell: (trigger) => conditionOf(trigger) },
  { head: 'Since', width: '104px', end: true, cell: ({ state }) => <Time at={state?.since ?? null} /> },
];

/** Triggers with where each stands. */
export function TriggerList({ triggers }: { triggers: readonly Trigger[] }) {
  return (
    <List
      label="Triggers"
      rows={triggers}
      idOf={({ id }) => id}
      hrefOf={({ id }) => `/triggers/${id}`}
      columns={COLUMNS}
    />
  );
}
