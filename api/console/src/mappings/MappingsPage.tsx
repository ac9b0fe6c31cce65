import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { useChosenAccount } from '../app/account.ts';
import { RecordName } from '../app/names.tsx';
import { PagesView, usePages } from '../app/paging.tsx';
import { useMayWrite } from '../app/session.tsx';
import { buttonClass } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { type Column, List } from '../ui/List.tsx';
import { Mark } from '../ui/Mark.tsx';
import { PageHead } from '../ui/Page.tsx';

const COLUMNS: Column<Schemas['Mapping']>[] = [
  { head: 'Name', cell: ({ name }) => name },
  {
    head: 'State',
    width: '112px',
    cell: ({ enabled, unreadable }) =>
      unreadable ? (
        <Mark tone="red" icon="error">
          unreadable
        </Mark>
      ) : (
        <Mark tone={enabled ? 'green' : 'grey'} icon={enabled ? 'check' : 'ban'}>
          {enabled ? 'in force' : 'disabled'}
        </Mark>
      ),
  },
  { head: 'From', width: '16%', wide: true, cell: ({ source = '' }) => <RecordName id={source} plain /> },
  { head: 'To', width: '16%', wide: true, cell: ({ destination = '' }) => <RecordName id={destination} plain /> },
  { head: 'Filter', width: '30%', wide: true, cell: ({ filter }) => <code>{filter}</code> },
];

/** Which events go where, and as what. */
export function MappingsPage() {
  const account = useChosenAccount();
  const pages = usePages('/api/v1/mappings', { account });
  const newLink = useMayWrite() && (
    <Link to={'/mappings/new' as string} className={buttonClass({ kind: 'primary' })}>
      New mapping
    </Link>
  );
  return (
    <>
      <PageHead title="Mappings" actions={newLink} />
      <PagesView pages={pages} empty={<NoMapping />}>
        <List
          label="Mappings"
          rows={pages.rows}
          idOf={({ id }) => id}
          hrefOf={({ id }) => `/mappings/${id}`}
          columns={COLUMNS}
          more={pages.more}
        />
      </PagesView>
    </>
  );
}

function NoMapping() {
  return (
    <Empty icon="mappings" title="No mapping yet">
      <p>A mapping leads from a source to a destination: its filter says which events, its template what is sent.</p>
    </Empty>
  );
}
