import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordView } from '../app/RecordView.tsx';
import { usePatch, useRecord } from '../app/records.ts';
import { buttonClass } from '../ui/Button.tsx';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { TriggerForm } from './TriggerForm.tsx';
import { changesOf, draftOf } from './trigger-draft.ts';

/** A trigger's fields; `threshold` in the URL is one that was suggested. */
export function EditTriggerPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Edit trigger" query={useRecord('triggers', id)}>
      {(trigger) => <Edit trigger={trigger} />}
    </RecordView>
  );
}

function Edit({ trigger }: { trigger: Schemas['Trigger'] }) {
  const { id, site = '', account, name } = trigger;
  const navigate = useNavigate();
  const { threshold }: { threshold?: string } = useSearch({ strict: false });
  const [before] = useState(() => draftOf(trigger));
  const [draft, setDraft] = useState(() => ({ ...before, ...(threshold !== undefined && { threshold }) }));
  const patch = usePatch('triggers', id);
  const leave = () => void navigate({ to: `/triggers/${id}` as string });
  const save = () => {
    const changes = changesOf(before, draft);
    if (Object.keys(changes).length === 0) leave();
    else patch.mutate(changes, { onSuccess: leave });
  };
  return (
    <>
      <PageHead title={`Edit ${name}`} />
      <PageBody>
        <TriggerForm
          site={site}
          account={account}
          draft={draft}
          onChange={setDraft}
          action="Save changes"
          pending={patch.isPending}
          error={patch.error}
          onSubmit={save}
          isOld
          cancel={
            <Link to={`/triggers/${id}` as string} className={buttonClass({})}>
              Cancel
            </Link>
          }
        />
      </PageBody>
    </>
  );
}
