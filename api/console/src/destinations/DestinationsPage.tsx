import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { useChosenAccount } from '../app/account.ts';
import { PagesView, usePages } from '../app/paging.tsx';
import { StandingMark } from '../app/StandingMark.tsx';
import { useMayWrite } from '../app/session.tsx';
import { buttonClass } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Filters } from '../ui/Filters.tsx';
import { type Column, List } from '../ui/List.tsx';
import { PageHead } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { type DestinationsSearch, FILTER_FIELDS, fits } from './filters.ts';

type Destination = Schemas['Destination'];

const COLUMNS: Column<Destination>[] = [
  { head: 'Name', cell: ({ name }) => name },
  { head: 'State', width: '132px', cell: (destination) => <StandingMark destination={destination} /> },
  { head: 'Type', width: '96px', wide: true, cell: ({ type }) => type },
  { head: 'URL', width: '36%', wide: true, cell: ({ url }) => <code>{url}</code> },
  {
    head: 'Failing since',
    width: '120px',
    wide: true,
    end: true,
    cell: ({ health }) => <Time at={health?.failing_since ?? null} />,
  },
];

/** Where events go, and which of the receivers need a hand. */
export function DestinationsPage() {
  const search: DestinationsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const account = useChosenAccount();
  const pages = usePages('/api/v1/destinations', { account }, { every: 5_000 });
  const rows = pages.rows.filter((destination) => fits(destination, search));
  const change = (changed: DestinationsSearch) =>
    void navigate({ to: '.', search: ((before: object) => ({ ...before, ...changed })) as never, replace: true });

  return (
    <>
      <PageHead title="Destinations" actions={useMayWrite() && <NewLink />} />
      <Filters
        noun="destinations"
        fields={FILTER_FIELDS}
        values={search}
        onChange={(name, value) => change({ [name]: value })}
      />
      <PagesView pages={pages} empty={<NoDestination />}>
        <List
          label="Destinations"
          rows={rows}
          idOf={({ id }) => id}
          hrefOf={({ id }) => `/destinations/${id}`}
          columns={COLUMNS}
          more={pages.more}
        />
        {rows.length === 0 && (
          <Empty icon="filter" title="No destination fits these filters">
            <p>Remove one.</p>
          </Empty>
        )}
      </PagesView>
    </>
  );
}

function NewLink() {
  return (
    <Link to={'/destinations/new' as string} className={buttonClass({ kind: 'primary' })}>
      New destination
    </Link>
  );
}

function NoDestination() {
  return (
    <Empty icon="destinations" title="No destination yet">
      <p>
        A destination is where events go: an HTTPS endpoint, a channel of Discord, Slack, Teams or Telegram, an ntfy
        topic.
      </p>
      <p>With the type inbox you see what would be sent, before anybody receives it.</p>
    </Empty>
  );
}
