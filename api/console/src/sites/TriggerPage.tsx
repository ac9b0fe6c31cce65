import { Link, useParams } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordName } from '../app/names.tsx';
import { RecordActs } from '../app/RecordActs.tsx';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { Facts, PageBody, PageHead } from '../ui/Page.tsx';
import { Time } from '../ui/Time.tsx';
import { Backtest } from './Backtest.tsx';
import { conditionOf } from './condition.ts';
import { EVERY_MS } from './data.ts';
import { PhaseMark } from './Standing.tsx';
import css from './sites.module.css';

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

function Actions({ trigger }: { trigger: Trigger }) {
  return (
    <RecordActs
      kind="triggers"
      record={trigger}
      name={trigger.name}
      gone="It tells nobody any more. What it told stays in the history."
      after={`/sites/${trigger.site}`}
    />
  );
}
