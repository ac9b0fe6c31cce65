import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { ChosenBar } from '../app/ChosenBar.tsx';
import { useChangeSearch } from '../app/change-search.ts';
import { LiveBar } from '../app/LiveBar.tsx';
import { useLive } from '../app/live.ts';
import { RecordName } from '../app/names.tsx';
import { PagesView, usePages } from '../app/paging.tsx';
import { useRecords } from '../app/records.ts';
import { useMayWrite } from '../app/session.tsx';
import { buttonClass } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Filters } from '../ui/Filters.tsx';
import { Icon } from '../ui/Icon.tsx';
import { type Column, List } from '../ui/List.tsx';
import { PageHead } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { DecisionSummary } from './DecisionSummary.tsx';
import { EventDetail } from './EventDetail.tsx';
import { type EventsSearch, eventsQuery, filterFields } from './filters.ts';
import { useCommands, useReload } from './replay.ts';

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
  { head: 'Received', width: '104px', end: true, cell: ({ received_at }) => <Time at={received_at} /> },
];

const EVERY_MS = 5_000;

/** What arrived, newest first. */
export function EventsPage() {
  const search: EventsSearch = useSearch({ strict: false });
  const mayWrite = useMayWrite();
  const [atTop, setAtTop] = useState(true);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const commands = useCommands();
  const reload = useReload();
  const { q } = search;
  const asked = eventsQuery(search, Date.now());
  const { from: _, ...query } = asked;
  // What is found by words is not followed, but asked for anew.
  const pages = usePages('/api/v1/events', asked, q === undefined ? {} : { every: EVERY_MS });
  const live = useLive({
    topic: 'events',
    listKey: pages.listKey,
    query,
    atTop,
    off: q !== undefined,
  });
  const change = useChangeSearch<EventsSearch>(() => setChosen(new Set()));

  return (
    <>
      <PageHead title="Events" />
      <Filters
        noun="events"
        fields={filterFields(useRecords('sources'), useRecords('destinations'), useRecords('triggers'))}
        values={search}
        onChange={(name, value) => change({ [name]: value, open: undefined })}
      >
        {mayWrite && <ReplayLink search={search} />}
        {q === undefined && <LiveBar live={live} />}
      </Filters>
      {chosen.size > 0 && (
        <ChosenBar
          rows={pages.rows.filter(({ id }) => chosen.has(id))}
          commands={commands}
          onDone={() => setChosen(new Set())}
          onChanged={reload}
        />
      )}
      <PagesView
        pages={pages}
        open={search.open !== undefined}
        empty={<NoEvents filtered={Object.keys(search).some((name) => name !== 'open' && name !== 'account')} />}
      >
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
          onAtTop={setAtTop}
          {...(mayWrite && { chosen, onChoose: setChosen })}
        />
      </PagesView>
    </>
  );
}

/** To a replay of what is listed; nothing for filters that a replay has not. */
function ReplayLink({ search }: { search: EventsSearch }) {
  const { source, type, q, trigger, correlation_id, destination, state, since } = search;
  if ([type, q, trigger, correlation_id].some((filter) => filter !== undefined)) return null;
  return (
    <Link
      to={'/replays/new' as string}
      search={{ source, destination, status: state, since } as never}
      className={buttonClass({ small: true })}
    >
      <Icon name="replays" size={14} />
      Replay all …
    </Link>
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
