import type { Schemas } from '../../../client/schemas.ts';
import { type Column, List } from '../ui/List.tsx';

type Goal = Schemas['Goal'];

const COLUMNS: Column<Goal>[] = [
  { head: 'Goal', cell: ({ name }) => name },
  { head: 'Completed by', width: '50%', cell: ({ event_name, page_path }) => <code>{event_name || page_path}</code> },
  { head: 'Revenue', width: '80px', end: true, wide: true, cell: ({ currency }) => currency },
];

export function GoalList({ goals }: { goals: readonly Goal[] }) {
  return (
    <List label="Goals" rows={goals} idOf={({ id }) => id} hrefOf={({ id }) => `/goals/${id}`} columns={COLUMNS} />
  );
}
