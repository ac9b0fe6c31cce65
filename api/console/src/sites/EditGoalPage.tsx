import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordView } from '../app/RecordView.tsx';
import { usePatch, useRecord } from '../app/records.ts';
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
  const { id } = goal;
  const navigate = useNavigate();
  const [before] = useState(() => goalDraftOf(goal));
  const [draft, setDraft] = useState(before);
  const patch = usePatch('goals', id);
  const leave = () => void navigate({ to: `/goals/${id}` as string });
  const save = () => {
    const changes = goalChangesOf(before, draft);
    if (Object.keys(changes).length === 0) leave();
    else patch.mutate(changes, { onSuccess: leave });
  };
  return (
    <>
      <PageHead title={`Edit ${goal.name}`} />
      <PageBody>
        <GoalForm
          draft={draft}
          onChange={setDraft}
          action="Save changes"
          pending={patch.isPending}
          error={patch.error}
          onSubmit={save}
          isOld
          cancel={
            <Link to={`/goals/${id}` as string} className={buttonClass({})}>
              Cancel
            </Link>
          }
        />
      </PageBody>
    </>
  );
}
