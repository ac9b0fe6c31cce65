import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../app/api.ts';
import { useChange } from '../app/records.ts';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { GoalForm } from './GoalForm.tsx';
import { goalFieldsOf, NEW_GOAL } from './goal-draft.ts';

/** A new goal of a site: a page that is reached, or an event that its pages send. */
export function NewGoalPage() {
  const { id: site } = useParams({ strict: false }) as { id: string };
  const api = useApi();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(NEW_GOAL);
  const create = useChange(() => api.post('/api/v1/goals', { body: { site, ...goalFieldsOf(draft) } }));
  const back = () => void navigate({ to: `/sites/${site}` as string });
  return (
    <>
      <PageHead title="New goal" />
      <PageBody>
        <GoalForm
          draft={draft}
          onChange={setDraft}
          action="Create goal"
          pending={create.isPending}
          error={create.error}
          onSubmit={() => create.mutate(undefined, { onSuccess: back })}
          cancelTo={`/sites/${site}`}
        />
      </PageBody>
    </>
  );
}
