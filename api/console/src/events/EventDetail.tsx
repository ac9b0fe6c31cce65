import { useQuery } from '@tanstack/react-query';
import { stringifyJson } from '../../../client/json.ts';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { Copy } from '../ui/Copy.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { Json } from '../ui/Json.tsx';
import { Facts, Section } from '../ui/Page.tsx';
import { SkeletonRows } from '../ui/Skeleton.tsx';
import css from './events.module.css';
import { ReplayMenu } from './ReplayMenu.tsx';
import { Story } from './Story.tsx';
import { Trace } from './Trace.tsx';

type Event = Schemas['Event'];

const UNDER_WAY_MS = 1_000;

/** Read again as long as one of its deliveries is under way. */
export function useEvent(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ['event', id],
    queryFn: () => api.get('/api/v1/events/{id}', { params: { path: { id } } }),
    refetchInterval: ({ state }) => (state.data?.deliveries.some(isUnderWay) ? UNDER_WAY_MS : false),
  });
}

function isUnderWay({ state }: Event['deliveries'][number]): boolean {
  return state === 'pending' || state === 'delivering';
}

/** Everything about one event, at the side or on its page. */
export function EventDetail({ id }: { id: string }) {
  const { data: event, error, refetch } = useEvent(id);
  if (error && !event) {
    return (
      <div className={css.detail}>
        <ErrorNote fault={faultOf(error)} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!event) return <SkeletonRows rows={8} />;
  return (
    <div className={css.detail}>
      <Section title={event.type || 'Event'} actions={<ReplayMenu event={event} />}>
        <Facts
          facts={[
            ['Id', <Identifier text={event.id} label="id" />],
            ['Correlation id', <Identifier text={event.correlation_id} label="correlation id" />],
            ['Dedupe key', event.dedupe_key && <code>{event.dedupe_key}</code>],
            ['Duplicates', event.duplicates > 0 ? event.duplicates : null],
          ]}
        />
      </Section>
      <Section title="What happened">
        <Story event={event} />
      </Section>
      <Section title="Payload">
        <Payload event={event} />
      </Section>
      <Section title="Decisions">
        <Trace id={event.id} />
      </Section>
      {Object.keys(event.extracted).length > 0 && (
        <Section title="Extracted">
          <Json label="Extracted fields" text={stringifyJson(event.extracted)} root="data" />
        </Section>
      )}
      <Section title="Request">
        <Headers event={event} />
      </Section>
    </div>
  );
}

function Identifier({ text, label }: { text: string; label: string }) {
  return (
    <>
      <code>{text}</code> <Copy text={text} label={`Copy the ${label}`} />
    </>
  );
}

function Payload({ event }: { event: Event }) {
  if (event.body_encoding === 'base64') {
    return <Json label="Payload (base64)" text={event.body} file={`${event.id}.base64`} />;
  }
  return (
    <Json
      label="Payload"
      text={event.body}
      root="body"
      file={`${event.id}.${/json/.test(event.content_type) ? 'json' : 'txt'}`}
    />
  );
}

function Headers({ event }: { event: Event }) {
  return (
    <>
      <Facts
        facts={[
          ['Method', event.method],
          ['Query', event.query && <code>{event.query}</code>],
          ['Content type', event.content_type],
        ]}
      />
      <details className={css.headers}>
        <summary>{event.headers.length} headers</summary>
        <dl className={css.table}>
          {event.headers.map(([name, value], index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a name may come twice; the list never changes
            <HeaderRow key={index} name={name ?? ''} value={value ?? ''} />
          ))}
        </dl>
      </details>
    </>
  );
}

function HeaderRow({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
