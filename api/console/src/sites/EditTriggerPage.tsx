import { useParams, useSearch } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { useEdit } from '../app/useEdit.tsx';
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
  const { threshold }: { threshold?: string } = useSearch({ strict: false });
  const form = useEdit({
    kind: 'triggers',
    record: trigger,
    draftOf,
    changesOf,
    ...(threshold !== undefined && { start: { threshold } }),
  });
  return (
    <>
      <PageHead title={`Edit ${trigger.name}`} />
      <PageBody>
        <TriggerForm {...form} site={trigger.site ?? ''} account={trigger.account} isOld />
      </PageBody>
    </>
  );
}
