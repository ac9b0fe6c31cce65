import type { Schemas } from '../../../client/schemas.ts';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { Facts, Section } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import css from './sites.module.css';

type Site = Schemas['Site'];

/** Whether a site's hits arrive, or how Plausible is read that counts them. */
export function Hits({ site }: { site: Site }) {
  const { hits, statistics, timezone, counted_by } = site;
  if (counted_by === 'plausible') return <Elsewhere site={site} statistics={statistics ?? null} />;
  return (
    <Facts
      facts={[
        ['Visitors, last 5 minutes', hits?.visitors ?? null],
        ['Last hit', hits?.last && <Time at={hits.last} />],
        ['Counted since', hits?.first && <Time at={hits.first} />],
        ['Time zone', timezone],
      ]}
    />
  );
}

const WHY: Record<string, string> = {
  bot: 'by bots, or programs without the user agent of a browser',
  rate_limited: 'above 1,000 in a second',
  site_disabled: 'while the site was disabled',
  counted_elsewhere: 'reported here, though Plausible counts this site',
};

/** Hits that were not counted, each reason with what it means; nothing where all were. */
export function Dropped({ site: { hits } }: { site: Site }) {
  const reasons = Object.entries(hits?.dropped ?? {}).filter(([, count]) => count > 0);
  if (reasons.length === 0) return null;
  return (
    <Section title={hits?.last ? 'Not counted since the hour of the last hit' : 'Not counted in a day'}>
      <ul className={css.dropped}>
        {reasons.map(([reason, count]) => (
          <li key={reason}>
            <b>{count.toLocaleString('en-GB')}</b> <code>{reason}</code> {WHY[reason]}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Elsewhere({ site, statistics }: { site: Site; statistics: NonNullable<Site['statistics']> | null }) {
  const { every, read_at, problem } = statistics ?? { every: null, read_at: null, problem: null };
  return (
    <>
      {problem && (
        <ErrorNote
          fault={{
            title: `Plausible can’t be read: ${problem.code.replaceAll('_', ' ')}`,
            detail: `${problem.message} While it can’t be read nobody is told of a drop.`,
          }}
        />
      )}
      <Facts
        facts={[
          ['Counted by', <code key="url">{site.statistics_url || 'https://plausible.io'}</code>],
          ['Read last', read_at ? <Time at={read_at} /> : 'not yet'],
          ['Read every', every],
          ['Failing since', problem && <Time at={problem.since} />],
          ['Asked again', problem && <Time at={problem.retry_at} />],
          ['Time zone', site.timezone],
        ]}
      />
    </>
  );
}
