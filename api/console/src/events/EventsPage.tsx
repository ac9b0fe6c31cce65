import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { RecordName } from '../app/names.tsx';
import { PagesView, usePages } from '../app/paging.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Filters } from '../ui/Filters.tsx';
import { type Column, List } from '../ui/List.tsx';
import { PageHead } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { DecisionSummary } from './DecisionSummary.tsx';
import { EventDetail } from './EventDetail.tsx';
import { type EventsSearch, eventsQuery, filterFields } from './filters.ts';

type EventSummary = Schemas['EventSummary'];

const COLUMNS: Column<EventSummary>[] = [
  { head: 'Type', cell: ({ type }) => type || 'no type' },
  {
    head: 'Source',
    width: '18%',
    wide: true,
    cell: ({ source, trigger }) => <RecordName id={source || trigger} plain />,
  },
  { head: 'Decided', width: '34%', cell: ({ decisions }) => <DecisionSummary decisions={decisions} /> },
  { head: 'Correlation id', width: '20%', wide: true, cell: ({ correlation_id }) => <code>{correlation_id}</code> },
  { head: 'Received', width: '120px', end: true, cell: ({ received_at }) => <Time at={received_at} /> },
];

/** What arrived, newest first. */
export function EventsPage() {
  const api = useApi();
  const search: EventsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const sources = useQuery({ queryKey: ['sources', 'all'], queryFn: () => api.list('/api/v1/sources', {}, 1_000) });
  const pages = usePages('/api/v1/events', eventsQuery(search, Date.now()), { every: 5_000 });
  const change = (changed: EventsSearch) =>
    void navigate({ to: '.', search: ((before: object) => ({ ...before, ...changed })) as never, replace: true });

  return (
    <>
      <PageHead title="Events" />
      <Filters
        noun="events"
        fields={filterFields(sources.data?.data ?? [])}
        values={search}
        onChange={(name, value) => change({ [name]: value, open: undefined })}
      />
      <PagesView pages={pages} empty={<NoEvents filtered={Object.keys(search).length > 0} />}>
        <List
          label="Events"
          rows={pages.rows}
          idOf={({ id }) => id}
          hrefOf={({ id }) => `/events/${id}`}
          columns={COLUMNS}
          openId={search.open}
          onOpen={(id) => change({ open: id })}
          panel={search.open && <EventDetail id={search.open} />}
          more={pages.more}
        />
      </PagesView>
    </>
  );
}

function NoEvents({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <Empty icon="filter" title="No event fits these filters">
        <p>Remove one, or look further back.</p>
      </Empty>
    );
  }
  return (
    <Empty icon="events" title="Waiting for the first event …">
      <p>Whatever a source accepts appears here, with why it went where. Try it:</p>
      <pre>{`curl ${location.origin}/ingest/generic \\\n  -H 'content-type: application/json' \\\n  -d '{"hello": "world"}'`}</pre>
    </Empty>
  );
}
