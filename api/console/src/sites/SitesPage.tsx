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
import { SiteMark } from './Standing.tsx';

const COLUMNS: Column<Schemas['Site']>[] = [
  { head: 'Site', cell: ({ domain }) => domain },
  { head: 'State', width: '132px', cell: (site) => <SiteMark site={site} /> },
  { head: 'Visitors, last 5 minutes', width: '180px', end: true, wide: true, cell: ({ hits }) => hits?.visitors ?? '' },
  {
    head: 'Last hit',
    width: '120px',
    end: true,
    cell: ({ hits, statistics }) => <Time at={hits?.last ?? statistics?.read_at ?? null} />,
  },
];

/** The sites whose visitors are counted, and whether their trackers report. */
export function SitesPage() {
  const account = useChosenAccount();
  const pages = usePages('/api/v1/sites', { account }, { every: 5_000 });
  const newLink = useMayWrite() && (
    <Link to={'/sites/new' as string} className={buttonClass({ kind: 'primary' })}>
      New site
    </Link>
  );
  return (
    <>
      <PageHead title="Sites" actions={newLink} />
      <PagesView pages={pages} empty={<NoSite />}>
        <List
          label="Sites"
          rows={pages.rows}
          idOf={({ id }) => id}
          hrefOf={({ id }) => `/sites/${id}`}
          columns={COLUMNS}
          more={pages.more}
        />
      </PagesView>
    </>
  );
}

function NoSite() {
  return (
    <Empty icon="sites" title="No site yet">
      <p>
        Name the domain of a site, and paste a line into its pages: then triggers can tell you of spikes, drops and
        goals.
      </p>
    </Empty>
  );
}
