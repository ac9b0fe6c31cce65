import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { ConflictNote } from '../app/ConflictNote.tsx';
import { RecordView } from '../app/RecordView.tsx';
import { type RecordOf, useRecord } from '../app/records.ts';
import { useSave } from '../app/save.ts';
import { buttonClass } from '../ui/Button.tsx';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { changesOf, draftOf } from './draft.ts';
import { SourceForm } from './SourceForm.tsx';

export function EditSourcePage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Edit source" query={useRecord('sources', id)}>
      {(source) => <Edit source={source} />}
    </RecordView>
  );
}

function Edit({ source }: { source: RecordOf<'sources'> }) {
  const { id, name } = source;
  const [before, setBefore] = useState(() => draftOf(source));
  const [draft, setDraft] = useState(before);
  const { save, pending, error, conflict } = useSave('sources', source, (theirs) => {
    setBefore(draftOf(theirs));
    setDraft(draftOf(theirs));
  });
  const navigate = useNavigate();
  const leave = () => void navigate({ to: `/sources/${id}` as string });
  const submit = () => {
    const changes = changesOf(before, draft);
    if (Object.keys(changes).length === 0) leave();
    else save(changes, leave);
  };
  return (
    <>
      <PageHead title={`Edit ${name}`} />
      <PageBody>
        <SourceForm
          draft={draft}
          onChange={setDraft}
          existing
          action="Save changes"
          pending={pending}
          error={error}
          notice={<ConflictNote conflict={conflict} />}
          onSubmit={submit}
          cancel={
            <Link to={`/sources/${id}` as string} className={buttonClass({})}>
              Cancel
            </Link>
          }
        />
      </PageBody>
    </>
  );
}
