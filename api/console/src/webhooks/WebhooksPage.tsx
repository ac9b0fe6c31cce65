import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { useChosenAccount } from '../app/account.ts';
import { PagesView, usePages } from '../app/paging.tsx';
import { StandingMark } from '../app/StandingMark.tsx';
import { useMayWrite } from '../app/session.tsx';
import { buttonClass } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { type Column, List } from '../ui/List.tsx';
import { PageHead } from '../ui/Page.tsx';

const COLUMNS: Column<Schemas['Webhook']>[] = [
  { head: 'Name', cell: ({ name }) => name },
  { head: 'State', width: '132px', cell: (webhook) => <StandingMark destination={webhook} /> },
  { head: 'URL', width: '36%', wide: true, cell: ({ url }) => <code>{url}</code> },
  { head: 'Triggers', width: '80px', end: true, cell: ({ triggers }) => triggers.length },
  { head: 'Sites', width: '64px', end: true, wide: true, cell: ({ sites }) => sites.length },
];

/** Whom triggers tell; how many there are stands beside the title, for an account may have only so many. */
export function WebhooksPage() {
  const account = useChosenAccount();
  const pages = usePages('/api/v1/webhooks', { account }, { every: 5_000 });
  const newLink = useMayWrite() && (
    <Link to={'/webhooks/new' as string} className={buttonClass({ kind: 'primary' })}>
      New webhook
    </Link>
  );
  const count = pages.rows.length;
  return (
    <>
      <PageHead title="Webhooks" beside={!pages.isPending && <Count count={count} />} actions={newLink} />
      <PagesView pages={pages} empty={<NoWebhook />}>
        <List
          label="Webhooks"
          rows={pages.rows}
          idOf={({ id }) => id}
          hrefOf={({ id }) => `/webhooks/${id}`}
          columns={COLUMNS}
          more={pages.more}
        />
      </PagesView>
    </>
  );
}

/** What an account may have, unless an operator allows it more. */
const MOST = 10;

function Count({ count }: { count: number }) {
  return <span>{count <= MOST ? `${count} of ${MOST}` : count}</span>;
}

function NoWebhook() {
  return (
    <Empty icon="webhooks" title="No webhook yet">
      <p>A webhook is an HTTPS URL that triggers tell of spikes, drops and completed goals, within seconds.</p>
    </Empty>
  );
}
