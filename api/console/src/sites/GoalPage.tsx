import { useParams } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordName } from '../app/names.tsx';
import { RecordActs } from '../app/RecordActs.tsx';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { Mark } from '../ui/Mark.tsx';
import { Facts, PageBody, PageHead, Section } from '../ui/Page.tsx';
import { useOfSite } from './data.ts';
import { TriggerList } from './TriggerList.tsx';

type Goal = Schemas['Goal'];

/** One goal: what completes it, and who is told. */
export function GoalPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Goal" query={useRecord('goals', id)}>
      {(goal) => (
        <>
          <PageHead title={goal.name ?? ''} beside={<GoalMark goal={goal} />} actions={<Actions goal={goal} />} />
          <PageBody>
            <Facts facts={factsOf(goal)} />
            <Section title="Triggers">
              <TriggersOf goal={goal} />
            </Section>
          </PageBody>
        </>
      )}
    </RecordView>
  );
}

function GoalMark({ goal: { enabled, unreadable } }: { goal: Goal }) {
  if (unreadable) {
    return (
      <Mark tone="red" icon="error">
        unreadable
      </Mark>
    );
  }
  return (
    <Mark tone={enabled ? 'green' : 'grey'} icon={enabled ? 'check' : 'ban'}>
      {enabled ? 'counting' : 'disabled'}
    </Mark>
  );
}

function factsOf({ site = '', event_name, page_path, props, currency }: Goal): Parameters<typeof Facts>[0]['facts'] {
  return [
    ['Site', <RecordName key="site" id={site} />],
    ['Completed by', event_name ? 'a custom event' : 'a page'],
    [event_name ? 'Event name' : 'Path', <code key="what">{event_name || page_path}</code>],
    [
      'Only with',
      props && (
        <code>
          {Object.entries(props)
            .map(([name, value]) => `${name}: ${value}`)
            .join(', ')}
        </code>
      ),
    ],
    ['Revenue in', currency],
  ];
}

function TriggersOf({ goal: { id, site = '' } }: { goal: Goal }) {
  const triggers = useOfSite(site).triggers.filter(({ goal }) => goal === id);
  return triggers.length === 0 ? <p>Nobody is told when it is completed.</p> : <TriggerList triggers={triggers} />;
}

function Actions({ goal }: { goal: Goal }) {
  return (
    <RecordActs
      kind="goals"
      record={goal}
      name={goal.name ?? ''}
      gone="Its completions are counted no more, and triggers that tell of it tell nothing."
      after={`/sites/${goal.site}`}
      edit
    />
  );
}
