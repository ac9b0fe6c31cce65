import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { usePages } from '../app/paging.tsx';
import { Copy } from '../ui/Copy.tsx';
import { type Column, List } from '../ui/List.tsx';
import { Section } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { ingestUrl, usePresets } from './data.ts';
import css from './sources.module.css';

type EventSummary = Schemas['EventSummary'];

const EVERY_MS = 2_000;
const SHOWN = 10;

/** What a producer is given, and the events that came: at first none, and then the first one by itself. */
export function Connect({ source }: { source: Schemas['Source'] }) {
  const { id, name = '', verification, preset } = source;
  const presets = usePresets().data ?? [];
  const vendor = presets.find((each) => each.name === preset);
  const url = ingestUrl(name);
  const curl = `curl ${url} -H 'content-type: application/json' -d '{"hello": "world"}'`;
  return (
    <>
      <Section title="Ingest URL">
        <div className={css.copied}>
          <code>{url}</code>
          <Copy text={url} label="Copy the ingest URL">
            Copy
          </Copy>
        </div>
        {verification === 'none' && (
          <div className={css.copied}>
            <code>{curl}</code>
            <Copy text={curl} label="Copy the command">
              Copy
            </Copy>
          </div>
        )}
        {vendor && (
          <p>
            <a href={vendor.docs} target="_blank" rel="noreferrer">
              How to set it up at {vendor.title}
            </a>
          </p>
        )}
      </Section>
      <NewestEvents source={id} />
    </>
  );
}

const COLUMNS: Column<EventSummary>[] = [
  { head: 'Event', cell: ({ type }) => type || 'no type' },
  { head: 'Correlation id', width: '44%', wide: true, cell: ({ correlation_id }) => <code>{correlation_id}</code> },
  { head: 'Received', width: '120px', end: true, cell: ({ received_at }) => <Time at={received_at} /> },
];

function NewestEvents({ source }: { source: string }) {
  const pages = usePages('/api/v1/events', { source }, { every: EVERY_MS });
  return (
    <Section
      title="Newest events"
      actions={
        pages.rows.length > 0 && (
          <Link to="/events" search={{ source } as never}>
            All events
          </Link>
        )
      }
    >
      {pages.rows.length === 0 ? (
        <p role="status">{pages.isPending ? '…' : 'Waiting for the first event …'}</p>
      ) : (
        <List
          label="Newest events"
          rows={pages.rows.slice(0, SHOWN)}
          idOf={({ id }) => id}
          hrefOf={({ id }) => `/events/${id}`}
          columns={COLUMNS}
        />
      )}
    </Section>
  );
}
