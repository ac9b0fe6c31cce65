import { useParams } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { NewestDeliveries } from '../app/NewestDeliveries.tsx';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { StandingMark } from '../app/StandingMark.tsx';
import { standingOf } from '../app/standing.ts';
import { TestButton } from '../app/TestButton.tsx';
import { Facts, PageBody, PageHead, Section } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { Actions } from './Actions.tsx';
import { Secrets } from './Secrets.tsx';

type Destination = Schemas['Destination'];

const HEALTH_EVERY_MS = 5_000;

/** One destination: how it stands, what to do about it, and what went to it. */
export function DestinationPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Destination" query={useRecord('destinations', id, { every: HEALTH_EVERY_MS })}>
      {(destination) => (
        <>
          <PageHead
            title={destination.name ?? ''}
            beside={<StandingMark destination={destination} />}
            actions={<Actions destination={destination} />}
          />
          <PageBody>
            <Meaning destination={destination} />
            <Facts facts={factsOf(destination)} />
            {destination.type !== 'inbox' && <TestButton id={id} />}
            <NewestDeliveries destination={id} />
            {destination.type === 'http' && (
              <Section title="Signing secret">
                <Secrets destination={destination} />
              </Section>
            )}
          </PageBody>
        </>
      )}
    </RecordView>
  );
}

function Meaning({ destination }: { destination: Destination }) {
  const { meaning } = standingOf(destination);
  const { health, unreadable } = destination;
  if (meaning === undefined) return null;
  return (
    <p>
      {meaning} {unreadable}
      {health?.next_probe_at && (
        <>
          {' The next probe: '}
          <Time at={health.next_probe_at} />.
        </>
      )}
    </p>
  );
}

function factsOf(destination: Destination): Parameters<typeof Facts>[0]['facts'] {
  const { type, url, method, description, headers, health } = destination;
  const { rate_limit, max_concurrency, ordered, retry_schedule, timeout_ms, success } = destination;
  return [
    ['Type', type],
    ['URL', url && <code>{url}</code>],
    ['Method', method],
    ['Description', description],
    ['Failing since', health?.failing_since && <Time at={health.failing_since} />],
    ['Headers', headers && <code>{Object.keys(headers).join(', ')}</code>],
    ['Rate limit', rate_limit ? `${rate_limit} a second` : null],
    ['Attempts at once', max_concurrency || null],
    ['Order', ordered ? 'One at a time, as they were accepted' : null],
    ['Waits before each try', retry_schedule?.join(', ')],
    ['Goes on', relayText(destination)],
    ['Success', success && <code>{success}</code>],
    ['Time limit', timeout_ms ? `${timeout_ms} ms` : null],
  ];
}

/** What of the producer's request goes on. */
function relayText({ relay }: Destination): string | null {
  if (!relay) return null;
  const { headers, query } = relay;
  const named = headers === 'all' ? 'every header but credentials' : headers?.join(', ');
  return [named, query && 'the query string'].filter(Boolean).join('; ');
}
