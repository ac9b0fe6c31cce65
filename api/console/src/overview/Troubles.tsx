import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordName } from '../app/names.tsx';
import { Mark } from '../ui/Mark.tsx';
import { Section } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import css from './overview.module.css';

type Overview = Schemas['Overview'];
type Failing = Overview['failing_destinations'][number];
type Silent = Overview['silent_sites'][number];

/** One that was switched off before anything failed waits for somebody to set it up. */
export function needsHand({ enabled, health, waiting }: Failing): boolean {
  return enabled || health.failures > 0 || waiting > 0;
}

/** What needs a hand, with the way to it; nothing when nothing does. */
export function Troubles({ overview: { failing_destinations, silent_sites } }: { overview: Overview }) {
  if (failing_destinations.length + silent_sites.length === 0) return null;
  return (
    <Section title={failing_destinations.some(needsHand) ? 'What needs a hand' : 'To look at'}>
      <ul className={failing_destinations.some(needsHand) ? css.troubles : css.hints}>
        {failing_destinations.map((destination) => (
          <FailingRow key={destination.id} destination={destination} />
        ))}
        {silent_sites.map((site) => (
          <SilentRow key={site.id} site={site} />
        ))}
      </ul>
    </Section>
  );
}

function FailingRow({ destination }: { destination: Failing }) {
  const { id, enabled, disabled_reason, health, waiting } = destination;
  return (
    <li>
      <Mark tone={needsHand(destination) ? 'red' : 'amber'} icon={enabled ? 'failed' : 'ban'}>
        <RecordName id={id} />
      </Mark>
      <span className={css.why}>
        {enabled ? (
          <>
            {health.failures} {health.failures === 1 ? 'failure' : 'failures'} in a row
            {health.failing_since && (
              <>
                , since <Time at={health.failing_since} />
              </>
            )}
            {health.state !== 'closed' && health.next_probe_at && (
              <>
                ; the next probe <Time at={health.next_probe_at} />
              </>
            )}
          </>
        ) : (
          disabled_reason || 'disabled'
        )}
      </span>
      <span className={css.ways}>
        {waiting > 0 && (
          <Link to={'/deliveries' as string} search={{ destination: id, state: enabled ? 'pending' : 'held' } as never}>
            {waiting} waiting
          </Link>
        )}
        {needsHand(destination) && (
          <Link to={'/deliveries' as string} search={{ destination: id, state: 'dead' } as never}>
            dead ones
          </Link>
        )}
      </span>
    </li>
  );
}

function SilentRow({ site: { id, last_hit, problem } }: { site: Silent }) {
  return (
    <li>
      <Mark tone="amber" icon="sites">
        <RecordName id={id} />
      </Mark>
      <span className={css.why}>
        {problem !== null ? (
          `can’t be read at Plausible: ${problem}`
        ) : last_hit === null ? (
          'never had a hit: is the snippet on its pages?'
        ) : (
          <>
            the last hit was <Time at={last_hit} />
          </>
        )}
      </span>
    </li>
  );
}
