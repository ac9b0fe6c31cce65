import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { useEdit } from '../app/useEdit.tsx';
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
  const navigate = useNavigate();
  const page = `/triggers/${trigger.id}` as string;
  const { threshold }: { threshold?: string } = useSearch({ strict: false });
  const form = useEdit({
    kind: 'triggers',
    record: trigger,
    draftOf: draftOf,
    changesOf: changesOf,
    ...(threshold !== undefined && { start: { threshold } }),
    onSaved: () => void navigate({ to: page }),
  });
  return (
    <>
      <PageHead title={`Edit ${trigger.name}`} />
      <PageBody>
        <TriggerForm
          {...form}
          site={trigger.site ?? ''}
          account={trigger.account}
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
