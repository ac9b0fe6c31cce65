import { Link } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { PagesView, usePages } from '../app/paging.tsx';
import { useMayWrite } from '../app/session.tsx';
import { buttonClass } from '../ui/Button.tsx';
import { Empty } from '../ui/Empty.tsx';
import { type Column, List } from '../ui/List.tsx';
import { PageHead } from '../ui/Page.tsx';
import { Progress } from '../ui/Progress.tsx';
import { Time } from '../ui/Time.tsx';
import css from './replays.module.css';
import { count, isUnderWay, ReplayMark, Selection } from './words.tsx';

type Job = Schemas['ReplayJob'];

const EVERY_MS = 2_000;

const COLUMNS: Column<Job>[] = [
  { head: 'Events', cell: (job) => <Selection job={job} plain /> },
  { head: 'State', width: '112px', cell: ({ state }) => <ReplayMark state={state} /> },
  { head: 'Progress', width: '22%', wide: true, cell: (job) => <Far job={job} /> },
  { head: 'Mode', width: '88px', wide: true, cell: ({ mode }) => mode },
  { head: 'Deliveries', width: '96px', end: true, wide: true, cell: ({ deliveries }) => count(deliveries) },
  { head: 'Failed', width: '72px', end: true, wide: true, cell: ({ failed }) => (failed === 0 ? '' : count(failed)) },
  { head: 'Begun', width: '120px', end: true, cell: ({ created }) => <Time at={created} /> },
];

/** Past events of a time, sent again. */
export function ReplaysPage() {
  const pages = usePages('/api/v1/replays', {}, { every: EVERY_MS });
  const newLink = useMayWrite() && (
    <Link to={'/replays/new' as string} className={buttonClass({ kind: 'primary' })}>
      New replay
    </Link>
  );
  return (
    <>
      <PageHead title="Replays" actions={newLink} />
      <PagesView pages={pages} empty={<NoReplay />}>
        <List
          label="Replays"
          rows={pages.rows}
          idOf={({ id }) => id}
          hrefOf={({ id }) => `/replays/${id}`}
          columns={COLUMNS}
          more={pages.more}
        />
      </PagesView>
    </>
  );
}

function Far({ job }: { job: Job }) {
  const { events_seen, events_total } = job;
  const text = `${count(events_seen)} of ${count(events_total)} events`;
  if (!isUnderWay(job)) return <>{text}</>;
  return (
    <span className={css.far}>
      <Progress value={events_seen} max={events_total} label={text} />
      {text}
    </span>
  );
}

function NoReplay() {
  return (
    <Empty icon="replays" title="No replay yet">
      <p>
        A replay sends the events of a time again: after a receiver lost what it had taken, or with a rule that was
        mended. Single ones are replayed on their own pages.
      </p>
    </Empty>
  );
}
