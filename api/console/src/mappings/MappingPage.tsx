import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { ConflictNote } from '../app/ConflictNote.tsx';
import { RecordActs } from '../app/RecordActs.tsx';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { useSave } from '../app/save.ts';
import { buttonClass } from '../ui/Button.tsx';
import { Mark } from '../ui/Mark.tsx';
import { PageHead } from '../ui/Page.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { changesOf, draftOf } from './draft.ts';
import { Editor } from './Editor.tsx';

type Mapping = Schemas['Mapping'];

export function MappingPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Mapping" query={useRecord('mappings', id)}>
      {(mapping) => <Edit key={mapping.id} mapping={mapping} />}
    </RecordView>
  );
}

function Edit({ mapping }: { mapping: Mapping }) {
  const { id, name, enabled } = mapping;
  const { show } = useToasts();
  const [before, setBefore] = useState(() => draftOf(mapping));
  const [draft, setDraft] = useState(before);
  const { save, pending, error, conflict } = useSave('mappings', mapping, (theirs) => {
    setBefore(draftOf(theirs));
    setDraft(draftOf(theirs));
  });
  const submit = (template: unknown) =>
    save(changesOf(before, draft, template), () => {
      setBefore(draft);
      show({ text: `${draft.name} is saved, and in force` });
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
        pending={pending}
        error={error}
        notice={<ConflictNote conflict={conflict} />}
        onSave={submit}
        cancel={
          <Link to={'/mappings' as string} className={buttonClass({})}>
            Back to the list
          </Link>
        }
      />
    </>
  );
}

function Actions({ mapping }: { mapping: Mapping }) {
  return (
    <RecordActs
      kind="mappings"
      record={mapping}
      name={mapping.name}
      gone="From then on its events go nowhere by it. What was sent stays in the history."
      after="/mappings"
    />
  );
}
