import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { RecordName } from '../app/names.tsx';
import { RecordView } from '../app/RecordView.tsx';
import { useMayWrite } from '../app/session.tsx';
import { Button } from '../ui/Button.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import { Facts, PageBody, PageHead } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { Backtest } from './Backtest.tsx';
import { conditionOf } from './condition.ts';
import { useChange, useTrigger } from './data.ts';
import { PhaseMark } from './Standing.tsx';
import css from './sites.module.css';

type Trigger = Schemas['Trigger'];

/** One trigger: where it stands and why, what it sees now, whom it tells, and how often it would have told. */
export function TriggerPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Trigger" query={useTrigger(id)}>
      {(trigger) => (
        <>
          <PageHead
            title={trigger.name ?? ''}
            beside={<PhaseMark state={trigger.state} />}
            actions={<Actions trigger={trigger} />}
          />
          <PageBody>
            {trigger.state?.explanation && <p>{trigger.state.explanation}</p>}
            <Facts facts={factsOf(trigger)} />
            {trigger.type !== 'goal_completion' && <Backtest given={{ trigger: id }} />}
          </PageBody>
        </>
      )}
    </RecordView>
  );
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
    ['Cool-down', cooldown || '12h'],
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

function Actions({ trigger: { id, site = '', name = '', enabled = true } }: { trigger: Trigger }) {
  const api = useApi();
  const navigate = useNavigate();
  const { show } = useToasts();
  const [deleting, setDeleting] = useState(false);
  const params = { path: { id } };
  const patch = useChange((next: boolean) => api.patch('/api/v1/triggers/{id}', { params, body: { enabled: next } }));
  const remove = useChange(() => api.delete('/api/v1/triggers/{id}', { params }));
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
          title={`Delete ${name}?`}
          action={`Delete ${name}`}
          pending={remove.isPending}
          fault={remove.error ? faultOf(remove.error) : undefined}
          onConfirm={() =>
            remove.mutate(undefined, { onSuccess: () => void navigate({ to: `/sites/${site}` as string }) })
          }
          onClose={() => setDeleting(false)}
        >
          <p>It tells nobody any more. What it told stays in the history.</p>
        </Confirm>
      )}
    </>
  );
}
