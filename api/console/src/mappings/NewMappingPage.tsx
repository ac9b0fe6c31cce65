import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../app/api.ts';
import { useChange } from '../app/records.ts';
import { buttonClass } from '../ui/Button.tsx';
import { PageHead } from '../ui/Page.tsx';
import { EMPTY, fieldsOf } from './draft.ts';
import { Editor } from './Editor.tsx';

export function NewMappingPage() {
  const api = useApi();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(EMPTY);
  const create = useChange((template: unknown) => api.post('/api/v1/mappings', { body: fieldsOf(draft, template) }));
  return (
    <>
      <PageHead title="New mapping" />
      <Editor
        draft={draft}
        onChange={setDraft}
        action="Create mapping"
        pending={create.isPending}
        error={create.error}
        onSave={(template) =>
          create.mutate(template, { onSuccess: ({ id }) => void navigate({ to: `/mappings/${id}` as string }) })
        }
        cancel={
          <Link to={'/mappings' as string} className={buttonClass({})}>
            Cancel
          </Link>
        }
      />
    </>
  );
}
