import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { RecordName } from '../app/names.tsx';
import { RecordActs } from '../app/RecordActs.tsx';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { useMayWrite } from '../app/session.tsx';
import { Button } from '../ui/Button.tsx';
import type { Marks, Spans } from '../ui/chart-props.ts';
import { Facts, PageBody, PageHead, Section } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { Backtest, wouldHaveTold } from './Backtest.tsx';
import { conditionOf, windowOf } from './condition.ts';
import { EVERY_MS, useBacktest, useToldBy } from './data.ts';
import { RangeSwitch, useRange } from './RangeSwitch.tsx';
import { beginOf, type Range } from './ranges.ts';
import { PhaseMark } from './Standing.tsx';
import css from './sites.module.css';
import { toldTimes } from './told.ts';
import { VisitorsChart } from './VisitorsChart.tsx';

type Trigger = Schemas['Trigger'];

/** One trigger: where it stands and why, what it sees now, whom it tells, and how often it would have told. */
export function TriggerPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Trigger" query={useRecord('triggers', id, { every: EVERY_MS })}>
      {(trigger) => (
        <>
          <PageHead
            title={trigger.name ?? ''}
            beside={<PhaseMark state={trigger.state} />}
            actions={<Actions trigger={trigger} />}
          />
          <PageBody>
            {trigger.state?.explanation && <p className={css.why}>{trigger.state.explanation}</p>}
            <Section title={`Visitors in ${chartWindowOf(trigger)}`} actions={<RangeSwitch />}>
              <WhatItTold trigger={trigger} />
            </Section>
            <Facts facts={factsOf(trigger)} />
          </PageBody>
        </>
      )}
    </RecordView>
  );
}

/** The chart with its line, what it told, and what it would have told in the last 30 days. */
function WhatItTold({ trigger }: { trigger: Trigger }) {
  const { id, site = '', type, state } = trigger;
  const navigate = useNavigate();
  const range = useRange();
  const isGoal = type === 'goal_completion';
  const told = useToldBy(id, range).data?.data;
  const backtest = useBacktest(isGoal ? undefined : { trigger: id });
  const phase = state?.phase;
  const { spans, completions } = useMemo(() => drawnOf(told ?? [], range, phase), [told, range, phase]);
  const would = useMemo(() => wouldHaveTold(backtest.data), [backtest.data]);
  const edit = (threshold: number) =>
    void navigate({ to: `/triggers/${id}/edit` as string, search: { threshold: String(threshold) } as never });
  return (
    <>
      <VisitorsChart
        site={site}
        range={range}
        window={chartWindowOf(trigger)}
        untitled
        condition={trigger}
        spans={spans}
        marks={isGoal ? completions : would}
      />
      <Backtest query={backtest} onSuggest={useMayWrite() ? edit : undefined} />
    </>
  );
}

/** Of a goal's trigger the visitors are what its completions are seen beside. */
function chartWindowOf(trigger: Trigger): string {
  return trigger.type === 'goal_completion' ? '5m' : windowOf(trigger);
}

function drawnOf(told: readonly Schemas['EventSummary'][], range: Range, phase: string | undefined) {
  const now = Date.now();
  const last = Date.parse(told[0]?.received_at ?? '') / 1_000;
  // One that was told and is not firing any more, without having said so, was disabled or edited meanwhile.
  const until = phase === 'firing' ? now / 1_000 : last;
  const { ranges, times } = toldTimes(told, beginOf(range, now).getTime() / 1_000, until);
  return {
    spans: { label: 'told', tone: 'red', ranges } satisfies Spans,
    completions: { label: 'told', tone: 'green', times } satisfies Marks,
  };
}

function factsOf(trigger: Trigger): Parameters<typeof Facts>[0]['facts'] {
  const { id, site = '', goal, state, destinations = [], quiet_hours, cooldown, repeat } = trigger;
  const reading = state?.reading;
  return [
    ['Site', <RecordName key="site" id={site} />],
    ['Tells of', conditionOf(trigger)],
    ['Goal', goal && <RecordName key="goal" id={goal} />],
    ['Now', reading && `${reading.value}${reading.threshold === null ? '' : `; it tells at ${reading.threshold}`}`],
    ['Usual', reading?.baseline ?? null],
    ['Since', state?.since && <Time at={state.since} />],
    ['Until', state?.until && <Time at={state.until} />],
    [
      'Told',
      destinations.length === 0 ? (
        'nobody'
      ) : (
        <span key="told" className={css.names}>
          {destinations.map((destination) => (
            <RecordName key={destination} id={destination} />
          ))}
        </span>
      ),
    ],
    ['Readings in a row', trigger.type === 'goal_completion' ? null : trigger.readings || 2],
    ['Cool-down', trigger.type === 'goal_completion' ? null : cooldown || '12h'],
    ['Told again', repeat === 'never' ? null : repeat],
    ['Quiet hours', quiet_hours && `${quiet_hours.from} to ${quiet_hours.to}`],
    [
      'History',
      <Link key="history" to="/events" search={{ trigger: id } as never}>
        What it told
      </Link>,
    ],
  ];
}

function Actions({ trigger }: { trigger: Trigger }) {
  return (
    <RecordActs
      kind="triggers"
      record={trigger}
      name={trigger.name}
      gone="It tells nobody any more. What it told stays in the history."
      after={`/sites/${trigger.site}`}
      edit
    >
      <TestTrigger id={trigger.id} />
    </RecordActs>
  );
}

/** Tells its destinations of something that did not happen, and leads to the event, where one sees what came of it. */
function TestTrigger({ id }: { id: string }) {
  const api = useApi();
  const navigate = useNavigate();
  const { show } = useToasts();
  const test = useMutation({
    mutationFn: () => api.post('/api/v1/triggers/{id}/test', { params: { path: { id } } }),
    onSuccess: ({ event }) => navigate({ to: `/events/${event}` as string }),
    onError: (fault) => show({ text: faultOf(fault).detail, failed: true }),
  });
  return (
    <Button icon="play" pending={test.isPending} onClick={() => test.mutate()}>
      Send a test
    </Button>
  );
}
