import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { RecordName } from '../app/names.tsx';
import { useRecord } from '../app/records.ts';
import { useMayWrite } from '../app/session.tsx';
import { standingOf } from '../app/standing.ts';
import { DeliveryMark } from '../app/states.tsx';
import { Button } from '../ui/Button.tsx';
import { Copy } from '../ui/Copy.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { Json } from '../ui/Json.tsx';
import { Facts, Section } from '../ui/Page.tsx';
import { SkeletonRows } from '../ui/Skeleton.tsx';
import { ExactTime, Time, useNow } from '../ui/Time.tsx';
import { Attempts } from './Attempts.tsx';
import { mayCancel, mayRetry, useActs } from './acts.ts';
import css from './deliveries.module.css';

type Delivery = Schemas['Delivery'];

const UNDER_WAY_MS = 1_000;

/** Everything about one delivery, at the side or on its page; read again as long as it is under way. */
export function DeliveryDetail({ id }: { id: string }) {
  const api = useApi();
  const { data, error, refetch } = useQuery({
    queryKey: ['delivery', id],
    queryFn: () => api.get('/api/v1/deliveries/{id}', { params: { path: { id } } }),
    refetchInterval: ({ state }) => (/pending|delivering/.test(state.data?.state ?? '') ? UNDER_WAY_MS : false),
  });
  if (error && !data) {
    return (
      <div className={css.detail}>
        <ErrorNote fault={faultOf(error)} onRetry={() => void refetch()} />
      </div>
    );
  }
  if (!data) return <SkeletonRows rows={8} />;
  return (
    <div className={css.detail}>
      <Head delivery={data} />
      <div className={css.beside}>
        <Section title={data.attempts.length === 1 ? '1 attempt' : `${data.attempts.length} attempts`}>
          <Attempts delivery={data} />
        </Section>
        <Section title="What is sent">
          <Json label="Body" text={data.request_body} root="body" file={`${data.id}.txt`} />
          <p className={css.soft}>
            {data.request_content_type}; the same bytes at each attempt. URL and headers are those of the destination.
          </p>
        </Section>
      </div>
    </div>
  );
}

function Head({ delivery }: { delivery: Delivery }) {
  const { id, state, destination, mapping, event, next_attempt_at, expires_at, last_error } = delivery;
  const final = ['delivered', 'dead', 'expired', 'cancelled'].includes(state);
  return (
    <section className={css.head}>
      <div className={css.title}>
        <h2>
          <DeliveryMark state={state} />
        </h2>
        <span>
          to <RecordName id={destination} />
        </span>
        <Acts delivery={delivery} />
      </div>
      {state !== 'delivered' && last_error && <p className={css.why}>{last_error}</p>}
      <Facts
        facts={[
          [
            'Event',
            <Link to={`/events/${event}` as string}>
              <code>{event}</code>
            </Link>,
          ],
          ['Mapping', mapping && <RecordName id={mapping} />],
          ['Webhook id', <Identifier id={id} />],
          ['Replay', delivery.replay && <Replay delivery={delivery} />],
          ['Next try', state === 'pending' && next_attempt_at ? <NextTry delivery={delivery} /> : null],
          ['Expires', final ? null : <ExactTime at={expires_at} />],
        ]}
      />
    </section>
  );
}

/** How it was made anew, and by which replay, if by one of many events. */
function Replay({ delivery: { replay, replay_id } }: { delivery: Delivery }) {
  return (
    <span>
      {replay === 'original' ? 'of the first bytes' : "by the rules of the replay's day"}
      {replay_id && (
        <>
          {', by '}
          <Link to={`/replays/${replay_id}` as string}>
            <code>{replay_id}</code>
          </Link>
        </>
      )}
    </span>
  );
}

/** What is due and was not sent yet waits for its destination: for its limits, or until it works again. */
function NextTry({ delivery: { destination, next_attempt_at } }: { delivery: Delivery }) {
  const now = useNow();
  const { data } = useRecord('destinations', destination, { every: UNDER_WAY_MS });
  if (next_attempt_at === null) return null;
  if (Date.parse(next_attempt_at) > now) return <Time at={next_attempt_at} />;
  const meaning = data && standingOf(data).meaning;
  return (
    <span>
      due
      {meaning && (
        <>
          , but its destination is {data && standingOf(data).word}. {meaning}
        </>
      )}
      {data?.health?.next_probe_at && (
        <>
          {' The next probe: '}
          <Time at={data.health.next_probe_at} />.
        </>
      )}
    </span>
  );
}

function Identifier({ id }: { id: string }) {
  return (
    <>
      <code>{id}</code> <Copy text={id} label="Copy the id" />
    </>
  );
}

function Acts({ delivery }: { delivery: Delivery }) {
  const { retry, cancel, replay } = useActs();
  if (!useMayWrite()) return null;
  return (
    <div className={css.acts}>
      {mayRetry(delivery) && (
        <Button
          small
          icon="retry"
          kind={delivery.state === 'dead' ? 'primary' : undefined}
          pending={retry.isPending}
          onClick={() => retry.mutate(delivery.id)}
        >
          Retry
        </Button>
      )}
      {mayCancel(delivery) && (
        <Button small icon="ban" pending={cancel.isPending} onClick={() => cancel.mutate(delivery.id)}>
          Cancel
        </Button>
      )}
      <Button small icon="replays" pending={replay.isPending} onClick={() => replay.mutate(delivery)}>
        Replay
      </Button>
    </div>
  );
}
