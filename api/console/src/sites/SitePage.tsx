import { Link, useParams } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordActs } from '../app/RecordActs.tsx';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { useMayWrite } from '../app/session.tsx';
import { buttonClass } from '../ui/Button.tsx';
import { Copy } from '../ui/Copy.tsx';
import { PageBody, PageHead, Section } from '../ui/Page.tsx';
import { EVERY_MS, useOfSite } from './data.ts';
import { GoalList } from './GoalList.tsx';
import { Dropped, Hits } from './Hits.tsx';
import { RangeSwitch, useRange } from './RangeSwitch.tsx';
import { SiteMark } from './Standing.tsx';
import css from './sites.module.css';
import { TriggerList } from './TriggerList.tsx';
import { VisitorsChart } from './VisitorsChart.tsx';

type Site = Schemas['Site'];

/** One site: whether its visitors are counted and how many come, what is watched, and the line to paste. */
export function SitePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Site" query={useRecord('sites', id, { every: EVERY_MS })}>
      {(site) => (
        <>
          <PageHead title={site.domain ?? ''} beside={<SiteMark site={site} />} actions={<Actions site={site} />} />
          <PageBody>{isWaiting(site) ? <Waiting site={site} /> : <Counted site={site} />}</PageBody>
        </>
      )}
    </RecordView>
  );
}

/** Its tracker has not reported anything yet. */
function isWaiting({ hits, counted_by }: Site): boolean {
  return counted_by !== 'plausible' && hits?.last === null;
}

/** The line to paste comes first. */
function Waiting({ site }: { site: Site }) {
  return (
    <>
      <Section title="Waiting for the first hit …">
        <Snippet domain={site.domain ?? ''} />
        <p role="status">This page turns into the visitors as soon as one comes.</p>
      </Section>
      <Dropped site={site} />
      <Watched site={site.id} />
    </>
  );
}

function Counted({ site }: { site: Site }) {
  return (
    <>
      <Hits site={site} />
      <Section title="Visitors in 5m" actions={<RangeSwitch />}>
        <VisitorsChart site={site.id} range={useRange()} untitled />
      </Section>
      <Dropped site={site} />
      <Watched site={site.id} />
      {site.counted_by !== 'plausible' && (
        <Section title="Tracker">
          <Snippet domain={site.domain ?? ''} />
        </Section>
      )}
    </>
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
        {triggers.length === 0 ? <p>Nobody is told of anything yet.</p> : <TriggerList triggers={triggers} />}
      </Section>
      <Section title="Goals" actions={link('new-goal', 'New goal')}>
        {goals.length === 0 ? (
          <p>None: a goal is a page that is reached, or an event that your pages send.</p>
        ) : (
          <GoalList goals={goals} />
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
      edit
    />
  );
}
