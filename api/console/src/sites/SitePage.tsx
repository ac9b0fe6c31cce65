import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { RecordView } from '../app/RecordView.tsx';
import { useMayWrite } from '../app/session.tsx';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import { Copy } from '../ui/Copy.tsx';
import { type Column, List } from '../ui/List.tsx';
import { Facts, PageBody, PageHead, Section } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { conditionOf } from './condition.ts';
import { useChange, useOfSite, useSite } from './data.ts';
import { PhaseMark, SiteMark } from './Standing.tsx';
import css from './sites.module.css';

type Site = Schemas['Site'];
type Trigger = Schemas['Trigger'];

/** One site: whether its tracker reports, what is watched, and the line to paste. */
export function SitePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Site" query={useSite(id)}>
      {(site) => (
        <>
          <PageHead title={site.domain ?? ''} beside={<SiteMark site={site} />} actions={<Actions site={site} />} />
          <PageBody>
            <Hits site={site} />
            <Watched site={id} />
            <Section title="Tracker">
              <Snippet domain={site.domain ?? ''} />
            </Section>
          </PageBody>
        </>
      )}
    </RecordView>
  );
}

function Hits({ site: { hits, timezone } }: { site: Site }) {
  if (hits && hits.last === null) return <p role="status">Waiting for the first hit …</p>;
  const dropped = Object.entries(hits?.dropped ?? {}).filter(([, count]) => count > 0);
  return (
    <Facts
      facts={[
        ['Visitors, last 5 minutes', hits?.visitors ?? null],
        ['Last hit', hits?.last && <Time at={hits.last} />],
        ['Counted since', hits?.first && <Time at={hits.first} />],
        ['Not counted', dropped.map(([reason, count]) => `${count} ${reason.replaceAll('_', ' ')}`).join(', ')],
        ['Time zone', timezone],
      ]}
    />
  );
}

function Snippet({ domain }: { domain: string }) {
  const script = `<script defer data-domain="${domain}" data-api="${location.origin}/api/event" src="/js/script.js"></script>`;
  return (
    <>
      <p>Plausible’s script, in a copy that you serve yourself, reports here with this line in your pages:</p>
      <div className={css.snippet}>
        <code>{script}</code>
        <Copy text={script} label="Copy the line">
          Copy
        </Copy>
      </div>
    </>
  );
}

const COLUMNS: Column<Trigger>[] = [
  { head: 'Trigger', cell: ({ name }) => name },
  { head: 'State', width: '132px', cell: ({ state }) => <PhaseMark state={state} /> },
  { head: 'Tells of', width: '36%', wide: true, cell: (trigger) => conditionOf(trigger) },
  { head: 'Since', width: '104px', end: true, cell: ({ state }) => <Time at={state?.since ?? null} /> },
];

function Watched({ site }: { site: string }) {
  const { goals, triggers } = useOfSite(site);
  const mayWrite = useMayWrite();
  const link = (path: string, words: string) =>
    mayWrite && (
      <Link to={`/sites/${site}/${path}` as string} className={buttonClass({ small: true })}>
        {words}
      </Link>
    );
  return (
    <>
      <Section title="Triggers" actions={link('new-trigger', 'New trigger')}>
        {triggers.length === 0 ? (
          <p>Nobody is told of anything yet.</p>
        ) : (
          <List
            label="Triggers"
            rows={triggers}
            idOf={({ id }) => id}
            hrefOf={({ id }) => `/triggers/${id}`}
            columns={COLUMNS}
          />
        )}
      </Section>
      <Section title="Goals" actions={link('new-goal', 'New goal')}>
        {goals.length === 0 ? (
          <p>None: a goal is a page that is reached, or an event that your pages send.</p>
        ) : (
          <Facts facts={goals.map(({ name = '', event_name, page_path }) => [name, event_name || page_path])} />
        )}
      </Section>
    </>
  );
}

function Actions({ site: { id, domain = '', enabled = true } }: { site: Site }) {
  const api = useApi();
  const navigate = useNavigate();
  const { show } = useToasts();
  const [deleting, setDeleting] = useState(false);
  const params = { path: { id } };
  const patch = useChange((next: boolean) => api.patch('/api/v1/sites/{id}', { params, body: { enabled: next } }));
  const remove = useChange(() => api.delete('/api/v1/sites/{id}', { params }));
  if (!useMayWrite()) return null;
  const onError = (fault: unknown) => show({ text: faultOf(fault).detail, failed: true });
  return (
    <>
      <Button pending={patch.isPending} onClick={() => patch.mutate(!enabled, { onError })}>
        {enabled ? 'Disable' : 'Enable'}
      </Button>
      <Button onClick={() => setDeleting(true)}>Delete …</Button>
      {deleting && (
        <Confirm
          title={`Delete ${domain}?`}
          name={domain}
          action={`Delete ${domain}`}
          pending={remove.isPending}
          fault={remove.error ? faultOf(remove.error) : undefined}
          onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/sites' as string }) })}
          onClose={() => setDeleting(false)}
        >
          <p>Its goals and triggers go with it, and its hits are counted no more.</p>
        </Confirm>
      )}
    </>
  );
}
