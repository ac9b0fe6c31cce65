import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useApi } from '../app/api.ts';
import { faultOf } from '../app/faults.ts';
import { RecordView } from '../app/RecordView.tsx';
import { useMayWrite } from '../app/session.tsx';
import { Button, buttonClass } from '../ui/Button.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import { Mark } from '../ui/Mark.tsx';
import { PageHead } from '../ui/Page.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { useChange, useMapping } from './data.ts';
import { changesOf, draftOf } from './draft.ts';
import { Editor } from './Editor.tsx';

type Mapping = Schemas['Mapping'];

export function MappingPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Mapping" query={useMapping(id)}>
      {(mapping) => <Edit key={mapping.id} mapping={mapping} />}
    </RecordView>
  );
}

function Edit({ mapping }: { mapping: Mapping }) {
  const { id, name, enabled } = mapping;
  const api = useApi();
  const { show } = useToasts();
  const [before, setBefore] = useState(() => draftOf(mapping));
  const [draft, setDraft] = useState(before);
  const patch = useChange((body: Schemas['MappingChanges']) =>
    api.patch('/api/v1/mappings/{id}', { params: { path: { id } }, body }),
  );
  const save = (template: unknown) =>
    patch.mutate(changesOf(before, draft, template), {
      onSuccess: () => {
        setBefore(draft);
        show({ text: `${draft.name} is saved, and in force` });
      },
    });
  return (
    <>
      <PageHead
        title={name ?? ''}
        beside={
          <Mark tone={enabled ? 'green' : 'grey'} icon={enabled ? 'check' : 'ban'}>
            {enabled ? 'in force' : 'disabled'}
          </Mark>
        }
        actions={<Actions mapping={mapping} />}
      />
      <Editor
        draft={draft}
        onChange={setDraft}
        mapping={id}
        action="Save changes"
        pending={patch.isPending}
        error={patch.error}
        onSave={save}
        cancel={
          <Link to={'/mappings' as string} className={buttonClass({})}>
            Back to the list
          </Link>
        }
      />
    </>
  );
}

function Actions({ mapping: { id, name = '', enabled = true } }: { mapping: Mapping }) {
  const api = useApi();
  const navigate = useNavigate();
  const { show } = useToasts();
  const [deleting, setDeleting] = useState(false);
  const params = { path: { id } };
  const patch = useChange((next: boolean) => api.patch('/api/v1/mappings/{id}', { params, body: { enabled: next } }));
  const remove = useChange(() => api.delete('/api/v1/mappings/{id}', { params }));
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
          name={name}
          action={`Delete ${name}`}
          pending={remove.isPending}
          fault={remove.error ? faultOf(remove.error) : undefined}
          onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: '/mappings' as string }) })}
          onClose={() => setDeleting(false)}
        >
          <p>From then on its events go nowhere by it. What was sent stays in the history.</p>
        </Confirm>
      )}
    </>
  );
}
