import { useParams } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { useEdit } from '../app/useEdit.tsx';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { GoalForm } from './GoalForm.tsx';
import { goalChangesOf, goalDraftOf } from './goal-draft.ts';

export function EditGoalPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Edit goal" query={useRecord('goals', id)}>
      {(goal) => <Edit goal={goal} />}
    </RecordView>
  );
}

function Edit({ goal }: { goal: Schemas['Goal'] }) {
  const form = useEdit({
    kind: 'goals',
    record: goal,
    draftOf: goalDraftOf,
    changesOf: goalChangesOf,
  });
  return (
    <>
      <PageHead title={`Edit ${goal.name}`} />
      <PageBody>
        <GoalForm {...form} isOld />
      </PageBody>
    </>
  );
}
