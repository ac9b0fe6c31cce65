import { useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { ChosenBar } from '../app/ChosenBar.tsx';
import { useChangeSearch } from '../app/change-search.ts';
import { LiveBar } from '../app/LiveBar.tsx';
import { useLive } from '../app/live.ts';
import { RecordName } from '../app/names.tsx';
import { PagesView, usePages } from '../app/paging.tsx';
import { useRecords } from '../app/records.ts';
import { useMayWrite } from '../app/session.tsx';
import { DeliveryMark } from '../app/states.tsx';
import { Empty } from '../ui/Empty.tsx';
import { Filters } from '../ui/Filters.tsx';
import { type Column, List } from '../ui/List.tsx';
import { PageHead } from '../ui/Page.tsx';
import { Segments } from '../ui/Segments.tsx';
import { Time, useNow } from '../ui/Time.tsx';
import { mayCancel, mayRetry, useActs, useReload } from './acts.ts';
import { DeliveryDetail } from './DeliveryDetail.tsx';
import css from './deliveries.module.css';
import { type DeliveriesSearch, deliveriesQuery, filterFields, stateOf } from './filters.ts';
import { HeldDestinations } from './HeldDestinations.tsx';
import { ManyButtons } from './ManyButtons.tsx';
import { type ManyAct, ManyDialog } from './ManyDialog.tsx';
import { useCommands } from './useCommands.ts';

type Delivery = Schemas['DeliverySummary'];

const COLUMNS: Column<Delivery>[] = [
  { head: 'State', width: '136px', cell: ({ state }) => <DeliveryMark state={state} /> },
  { head: 'Destination', width: '22%', cell: ({ destination }) => <RecordName id={destination} plain /> },
  { head: 'Last answer', wide: true, cell: (delivery) => <LastAnswer delivery={delivery} /> },
  { head: 'Attempts', width: '80px', end: true, wide: true, cell: ({ attempts_made }) => attempts_made },
  { head: 'Next try', width: '112px', end: true, wide: true, cell: (delivery) => <NextTry delivery={delivery} /> },
  { head: 'Made', width: '120px', end: true, cell: ({ created }) => <Time at={created} /> },
];

/** The views that people come for, before any filter. */
const VIEWS = (['all', 'dead', 'held', 'pending', 'delivered'] as const).map((value) => ({ value, label: value }));

const EVERY_MS = 5_000;

/** One event for one destination each, newest first. */
export function DeliveriesPage() {
  const search: DeliveriesSearch = useSearch({ strict: false });
  const state = stateOf(search);
  const mayWrite = useMayWrite();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [many, setMany] = useState<ManyAct>();
  const acts = useActs();
  const commands = useCommands();
  const reload = useReload();
  const fields = useFilterFields();
  const [atTop, setAtTop] = useState(true);
  const { from, ...query } = deliveriesQuery(search, Date.now());
  const { q } = query;
  // What is found by words is not followed, but asked for anew.
  const pages = usePages('/api/v1/deliveries', { ...query, from }, q === undefined ? {} : { every: EVERY_MS });
  const live = useLive({
    topic: 'deliveries',
    listKey: pages.listKey,
    query,
    atTop,
    off: q !== undefined,
  });
  const change = useChangeSearch<DeliveriesSearch>(() => setChosen(new Set()));

  return (
    <>
      <PageHead
        title="Deliveries"
        beside={
          <Segments
            label="By state"
            value={state ?? 'all'}
            options={VIEWS}
            onChange={(view) => change({ state: view === 'all' ? undefined : view, open: undefined })}
          />
        }
      />
      <Filters
        noun="deliveries"
        fields={fields}
        values={search}
        onChange={(name, value) => change({ [name]: value, open: undefined })}
      >
        {mayWrite && <ManyButtons state={state} search={search} onAct={setMany} />}
        {q === undefined && <LiveBar live={live} />}
      </Filters>
      {state === 'held' && <HeldDestinations rows={pages.rows} mayWrite={mayWrite} />}
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
        empty={
          <NoDeliveries
            state={state}
            filtered={Object.keys(search).some((name) => name !== 'open' && name !== 'account')}
          />
        }
      >
        <List
          label="Deliveries"
          rows={pages.rows}
          idOf={({ id }) => id}
          hrefOf={({ id }) => `/deliveries/${id}`}
          columns={COLUMNS}
          openId={search.open}
          onOpen={(id) => change({ open: id })}
          panel={search.open && <DeliveryDetail id={search.open} />}
          more={pages.more}
          onAtTop={setAtTop}
          {...(mayWrite && {
            chosen,
            onChoose: setChosen,
            rowKeys: {
              r: { label: 'Retry the delivery', run: (row: Delivery) => mayRetry(row) && acts.retry.mutate(row.id) },
              c: { label: 'Cancel the delivery', run: (row: Delivery) => mayCancel(row) && acts.cancel.mutate(row.id) },
              p: { label: 'Replay its event to the same destination', run: (row: Delivery) => acts.replay.mutate(row) },
            },
          })}
        />
      </PagesView>
      {many && <ManyDialog act={many} search={search} onClose={() => setMany(undefined)} />}
    </>
  );
}

function useFilterFields() {
  const destinations = useRecords('destinations');
  const sources = useRecords('sources');
  const mappings = useRecords('mappings');
  return useMemo(() => filterFields({ destinations, sources, mappings }), [destinations, sources, mappings]);
}

function LastAnswer({ delivery: { last_status, last_error, attempts_made } }: { delivery: Delivery }) {
  if (last_error) return <span title={last_error}>{last_error}</span>;
  if (last_status > 0) return <>{last_status}</>;
  return <span className={css.soft}>{attempts_made === 0 ? 'not tried yet' : '–'}</span>;
}

/** What is due and still waits does so for its destination: its limits, its breaker. */
function NextTry({ delivery: { state, next_attempt_at } }: { delivery: Delivery }) {
  const now = useNow();
  if (state !== 'pending' || next_attempt_at === null) return null;
  return Date.parse(next_attempt_at) <= now ? 'due' : <Time at={next_attempt_at} />;
}

function NoDeliveries({ state, filtered }: { state: string | undefined; filtered: boolean }) {
  if (state === 'dead') {
    return (
      <Empty icon="check" title="Nothing is dead">
        <p>
          A delivery dies when its tries are used up, or when its destination refuses it for good. You would retry it
          here.
        </p>
      </Empty>
    );
  }
  if (state === 'held') {
    return (
      <Empty icon="check" title="Nothing is held">
        <p>While a destination is paused or disabled, what goes to it waits here and is not lost.</p>
      </Empty>
    );
  }
  if (filtered) {
    return (
      <Empty icon="filter" title="No delivery fits these filters">
        <p>Remove one, or look further back.</p>
      </Empty>
    );
  }
  return (
    <Empty icon="deliveries" title="Nothing was sent yet">
      <p>A mapping sends the events of a source to a destination; each of those is a delivery.</p>
    </Empty>
  );
}
