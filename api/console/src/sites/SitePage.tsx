import { Link, useParams } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordActs } from '../app/RecordActs.tsx';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { useMayWrite } from '../app/session.tsx';
import { buttonClass } from '../ui/Button.tsx';
import { Copy } from '../ui/Copy.tsx';
import { type Column, List } from '../ui/List.tsx';
import { Facts, PageBody, PageHead, Section } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { conditionOf } from './condition.ts';
import { EVERY_MS, useOfSite } from './data.ts';
import { PhaseMark, SiteMark } from './Standing.tsx';
import css from './sites.module.css';

type Site = Schemas['Site'];
type Trigger = Schemas['Trigger'];

/** One site: whether its tracker reports, what is watched, and the line to paste. */
export function SitePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Site" query={useRecord('sites', id, { every: EVERY_MS })}>
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

function Actions({ site }: { site: Site }) {
  return (
    <RecordActs
      kind="sites"
      record={site}
      name={site.domain}
      gone="Its goals and triggers go with it, and its hits are counted no more."
      after="/sites"
    />
  );
}
