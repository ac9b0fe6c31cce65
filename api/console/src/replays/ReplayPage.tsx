import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { RecordView } from '../app/RecordView.tsx';
import { useMayWrite } from '../app/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { Facts, PageBody, PageHead, Section } from '../ui/Page.tsx';
import { Progress } from '../ui/Progress.tsx';
import { ExactTime, Time, useNow } from '../ui/Time.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { duration } from '../ui/time.ts';
import { Skips, useEstimateOf } from './Estimate.tsx';
import css from './replays.module.css';
import { count, deliveriesText, isOpen, isUnderWay, MODES, ReplayMark, Selection } from './words.tsx';

type Job = Schemas['ReplayJob'];

const KEY = '/api/v1/replays';
const UNDER_WAY_MS = 1_000;

/** One replay: how far it is, what it made, and of what nothing was made. */
export function ReplayPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const api = useApi();
  const query = useQuery({
    queryKey: [KEY, id],
    queryFn: () => api.get('/api/v1/replays/{id}', { params: { path: { id } } }),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? UNDER_WAY_MS : false),
  });
  return (
    <RecordView title="Replay" query={query}>
      {(job) => (
        <>
          <PageHead title="Replay" beside={<ReplayMark state={job.state} />} actions={<Acts job={job} />} />
          <PageBody>
            {job.error && <ErrorNote fault={{ title: 'It failed as a whole', detail: job.error }} />}
            <Far job={job} />
            <Facts facts={factsOf(job)} />
            {!isOpen(job) && <Left job={job} />}
          </PageBody>
        </>
      )}
    </RecordView>
  );
}

/** How far it is, and how long the rest takes. */
function Far({ job }: { job: Job }) {
  const { events_seen, events_total, deliveries, failed, created, finished_at } = job;
  const now = useNow();
  const took = (finished_at === null ? now : Date.parse(finished_at)) - Date.parse(created);
  const rest = events_seen === 0 ? undefined : (took / events_seen) * (events_total - events_seen);
  const text = `${count(events_seen)} of ${count(events_total)} events`;
  return (
    <section className={css.progress} aria-label="Progress">
      <p className={css.number}>{deliveriesText(deliveries)}</p>
      <Progress value={events_seen} max={events_total} label={text} />
      <p className={css.under}>
        <span>{text}</span>
        {failed > 0 && <span className={css.failed}>{count(failed)} failed</span>}
        <span>
          {isUnderWay(job)
            ? rest !== undefined && `${duration(Math.round(rest / 1_000) * 1_000)} to go`
            : !isOpen(job) && `took ${duration(Math.max(0, took))}`}
        </span>
      </p>
    </section>
  );
}

function factsOf(job: Job): Parameters<typeof Facts>[0]['facts'] {
  const { id, mode, from, to, rate, actor, created, deliveries } = job;
  return [
    ['Events', <Selection key="events" job={job} />],
    [
      'Received',
      <span key="received">
        <ExactTime at={from} /> to <ExactTime at={to} />
      </span>,
    ],
    ['What is sent', MODES[mode]],
    ['Rate', `${rate} a second at most`],
    ['Asked for', <Time key="created" at={created} />],
    ['By', <code key="actor">{actor}</code>],
    [
      'Deliveries',
      deliveries === 0 ? null : (
        <Link key="deliveries" to="/deliveries" search={{ replay_id: id } as never}>
          Those that it made
        </Link>
      ),
    ],
  ];
}

/** Of what nothing was made, and why, by the rules of now: counted anew when somebody asks. */
function Left({ job }: { job: Job }) {
  const [wanted, setWanted] = useState(false);
  return (
    <Section title="Left out">
      {wanted ? (
        <Why job={job} />
      ) : (
        <div>
          <Button onClick={() => setWanted(true)}>See of which events nothing was made, and why</Button>
        </div>
      )}
    </Section>
  );
}

function Why({ job }: { job: Job }) {
  const { data, error } = useEstimateOf(['job', job.id], () => {
    const { from, to, mode, source, destination, status } = job;
    const chosen = { ...(source && { source }), ...(destination && { destination }), ...(status && { status }) };
    return { from, to, mode, ...chosen, only_missing: false } as Schemas['NewReplayJob'];
  });
  if (error) return <ErrorNote fault={faultOf(error)} />;
  if (!data) return <p role="status">Counting …</p>;
  return data.skipped.length === 0 ? <p>Nothing was left out.</p> : <Skips skipped={data.skipped} />;
}

function Acts({ job }: { job: Job }) {
  if (!useMayWrite() || !isOpen(job)) return null;
  return (
    <>
      <PauseOrResume job={job} />
      <Cancel job={job} />
    </>
  );
}

function PauseOrResume({ job: { id, state } }: { job: Job }) {
  const api = useApi();
  const queries = useQueryClient();
  const { show } = useToasts();
  const verb = state === 'paused' ? 'resume' : 'pause';
  const command = useMutation({
    mutationFn: () => api.post(`/api/v1/replays/{id}/${verb}`, { params: { path: { id } } }),
    onError: (fault) => show({ text: faultOf(fault).detail, failed: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: [KEY] }),
  });
  return (
    <Button
      icon={verb === 'pause' ? 'pause' : 'arrow'}
      kind={verb === 'resume' ? 'primary' : undefined}
      pending={command.isPending}
      onClick={() => command.mutate()}
    >
      {verb === 'pause' ? 'Pause' : 'Resume'}
    </Button>
  );
}

function Cancel({ job }: { job: Job }) {
  const api = useApi();
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const cancel = useMutation({
    mutationFn: () => api.post('/api/v1/replays/{id}/cancel', { params: { path: { id: job.id } } }),
    onSuccess: () => setAsking(false),
    onSettled: () => queries.invalidateQueries({ queryKey: [KEY] }),
  });
  return (
    <>
      <Button icon="ban" onClick={() => setAsking(true)}>
        Cancel …
      </Button>
      {asking && (
        <Confirm
          title="Cancel this replay?"
          action="Cancel the replay"
          pending={cancel.isPending}
          fault={cancel.error ? faultOf(cancel.error) : undefined}
          onConfirm={() => cancel.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>It makes no more deliveries. The {deliveriesText(job.deliveries)} that it has made go out.</p>
        </Confirm>
      )}
    </>
  );
}
