import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { ConflictNote } from '../app/ConflictNote.tsx';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { useSave } from '../app/save.ts';
import { buttonClass } from '../ui/Button.tsx';
import { Checkbox } from '../ui/Field.tsx';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { SecretOnce } from '../ui/SecretOnce.tsx';
import { DestinationForm } from './DestinationForm.tsx';
import { changesOf, draftOf } from './draft.ts';
import { makeSecret } from './make-secret.ts';

export function EditDestinationPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Edit destination" query={useRecord('destinations', id)}>
      {(destination) => <Edit destination={destination} />}
    </RecordView>
  );
}

function Edit({ destination }: { destination: Schemas['Destination'] }) {
  const { id, name, type, url } = destination;
  const [before, setBefore] = useState(() => draftOf(destination));
  const [draft, setDraft] = useState(before);
  const [newSecret, setNewSecret] = useState(false);
  const [shown, setShown] = useState<string>();
  const { save, pending, error, conflict } = useSave('destinations', destination, (theirs) => {
    setBefore(draftOf(theirs));
    setDraft(draftOf(theirs));
  });
  const navigate = useNavigate();
  const leave = () => void navigate({ to: `/destinations/${id}` as string });
  const submit = () => {
    const secret = newSecret ? makeSecret() : undefined;
    const changes = { ...changesOf(before, draft), ...(secret !== undefined && { secrets: [secret] }) };
    if (Object.keys(changes).length === 0) leave();
    else save(changes, secret === undefined ? leave : () => setShown(secret));
  };
  if (shown !== undefined) {
    return (
      <>
        <PageHead title={`${name} is saved`} />
        <PageBody>
          <SecretOnce secret={shown} name="new signing secret" />
          <p>
            <Link to={`/destinations/${id}` as string}>Open {name}</Link>
          </p>
        </PageBody>
      </>
    );
  }
  return (
    <>
      <PageHead title={`Edit ${name}`} />
      <PageBody>
        <DestinationForm
          draft={draft}
          onChange={setDraft}
          action="Save changes"
          pending={pending}
          error={error}
          notice={<ConflictNote conflict={conflict} />}
          onSubmit={submit}
          typeFixed
          cancel={
            <Link to={`/destinations/${id}` as string} className={buttonClass({})}>
              Cancel
            </Link>
          }
        >
          {draft.url !== url && (
            <p>
              What waits goes to the new URL. One of another host or port asks for its headers and secrets anew: those
              that are stored stay with their server.
            </p>
          )}
          {type === 'http' && draft.url !== url && (
            <Checkbox
              label="Make a new signing secret"
              checked={newSecret}
              onChange={setNewSecret}
              hint="It takes the place of those of now at once, and is shown once."
            />
          )}
        </DestinationForm>
      </PageBody>
    </>
  );
}
