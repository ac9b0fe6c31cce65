import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { useEdit } from '../app/useEdit.tsx';
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
  const [secret] = useState(makeSecret);
  const [newSecret, setNewSecret] = useState(false);
  const [isShown, setShown] = useState(false);
  const form = useEdit({
    kind: 'destinations',
    record: destination,
    draftOf,
    changesOf: (before, after) => ({ ...changesOf(before, after), ...(newSecret && { secrets: [secret] }) }),
    onSaved: (_, leave) => (newSecret ? setShown(true) : leave()),
  });
  if (isShown) {
    return (
      <>
        <PageHead title={`${name} is saved`} />
        <PageBody>
          <SecretOnce secret={secret} name="new signing secret" />
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
        <DestinationForm {...form} typeFixed>
          {form.draft.url !== url && (
            <p>
              What waits goes to the new URL. One of another host or port asks for its headers and secrets anew: those
              that are stored stay with their server.
            </p>
          )}
          {type === 'http' && form.draft.url !== url && (
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
