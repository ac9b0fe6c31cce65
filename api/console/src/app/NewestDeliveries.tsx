import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { type Column, List } from '../ui/List.tsx';
import { Section } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import css from './NewestDeliveries.module.css';
import { usePages } from './paging.tsx';
import { DeliveryMark } from './states.tsx';

type Delivery = Schemas['DeliverySummary'];

const SHOWN = 10;

const COLUMNS: Column<Delivery>[] = [
  { head: 'Delivery', cell: ({ id }) => <code>{id}</code> },
  { head: 'State', width: '112px', cell: ({ state }) => <DeliveryMark state={state} /> },
  { head: 'Last error', width: '48%', wide: true, cell: ({ last_error }) => last_error },
  { head: 'Tries', width: '56px', end: true, wide: true, cell: ({ attempts_made }) => attempts_made },
  { head: 'Made', width: '104px', end: true, cell: ({ created }) => <Time at={created} /> },
];

/** The last few deliveries to a destination, and the ways to those that wait for a hand. */
export function NewestDeliveries({ destination }: { destination: string }) {
  const pages = usePages('/api/v1/deliveries', { destination }, { every: 5_000 });
  const links = (
    <span className={css.links}>
      {(['held', 'dead'] as const).map((state) => (
        <Link key={state} to="/deliveries" search={{ destination, state } as never}>
          All that are {state}
        </Link>
      ))}
    </span>
  );
  return (
    <Section title="Newest deliveries" actions={links}>
      {pages.rows.length === 0 ? (
        <p>{pages.isPending ? '…' : 'Nothing went to it yet.'}</p>
      ) : (
        <List
          label="Newest deliveries"
          rows={pages.rows.slice(0, SHOWN)}
          idOf={({ id }) => id}
          hrefOf={({ id }) => `/deliveries/${id}`}
          columns={COLUMNS}
        />
      )}
    </Section>
  );
}
