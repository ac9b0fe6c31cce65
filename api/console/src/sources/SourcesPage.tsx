import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { useChosenAccount } from '../app/account.ts';
import { PagesView, usePages } from '../app/paging.tsx';
import { useMayWrite } from '../app/session.tsx';
import { buttonClass } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { type Column, List } from '../ui/List.tsx';
import { PageHead } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { ingestUrl } from './data.ts';
import { StandingMark } from './StandingMark.tsx';

const COLUMNS: Column<Schemas['Source']>[] = [
  { head: 'Name', cell: ({ name }) => name },
  { head: 'State', width: '120px', cell: (source) => <StandingMark source={source} /> },
  { head: 'Verified by', width: '160px', wide: true, cell: ({ verification }) => verification },
  { head: 'Ingest URL', width: '36%', wide: true, cell: ({ name = '' }) => <code>{ingestUrl(name)}</code> },
  { head: 'Changed', width: '104px', end: true, cell: ({ updated }) => <Time at={updated} /> },
];

/** Where events come in. */
export function SourcesPage() {
  const account = useChosenAccount();
  const pages = usePages('/api/v1/sources', { account });
  const newLink = useMayWrite() && (
    <Link to={'/sources/new' as string} className={buttonClass({ kind: 'primary' })}>
      New source
    </Link>
  );
  return (
    <>
      <PageHead title="Sources" actions={newLink} />
      <PagesView pages={pages} empty={<NoSource />}>
        <List
          label="Sources"
          rows={pages.rows}
          idOf={({ id }) => id}
          hrefOf={({ id }) => `/sources/${id}`}
          columns={COLUMNS}
          more={pages.more}
        />
      </PagesView>
    </>
  );
}

function NoSource() {
  return (
    <Empty icon="sources" title="No source yet">
      <p>
        A source is a URL that a producer posts to: GitHub, Stripe, a script of yours. It says how they prove who they
        are.
      </p>
    </Empty>
  );
}
