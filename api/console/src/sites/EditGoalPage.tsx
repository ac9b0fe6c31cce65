import { Link, useNavigate, useParams } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { useEdit } from '../app/useEdit.tsx';
import { buttonClass } from '../ui/Button.tsx';
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
  const navigate = useNavigate();
  const page = `/goals/${goal.id}` as string;
  const form = useEdit({
    kind: 'goals',
    record: goal,
    draftOf: goalDraftOf,
    changesOf: goalChangesOf,
    onSaved: () => void navigate({ to: page }),
  });
  return (
    <>
      <PageHead title={`Edit ${goal.name}`} />
      <PageBody>
        <GoalForm
          {...form}
          action="Save changes"
          isOld
          cancel={
            <Link to={page} className={buttonClass({})}>
              Cancel
            </Link>
          }
        />
      </PageBody>
    </>
  );
}
