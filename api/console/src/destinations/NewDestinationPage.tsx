import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useChosenAccount } from '../app/account.ts';
import { useApi } from '../app/api.ts';
import { useChange } from '../app/records.ts';
import { TestButton } from '../app/TestButton.tsx';
import { PageBody, PageHead, Section } from '../ui/Page.tsx';
import { SecretOnce } from '../ui/SecretOnce.tsx';
import { DestinationForm } from './DestinationForm.tsx';
import { bodyOf, EMPTY } from './draft.ts';

/** A new destination; its signing secret, which is shown here only; and a test at once. */
export function NewDestinationPage() {
  const api = useApi();
  const account = useChosenAccount();
  const [draft, setDraft] = useState(EMPTY);
  const create = useChange(() =>
    api.post('/api/v1/destinations', { body: { ...bodyOf(draft), ...(account !== undefined && { account }) } }),
  );
  if (create.data) {
    const { id, name, type, secrets } = create.data;
    return (
      <>
        <PageHead title={`${name} is ready`} />
        <PageBody>
          {secrets?.[0] !== undefined && <SecretOnce secret={secrets[0]} name="signing secret" />}
          <Section title="Next">
            <p>
              {type === 'inbox'
                ? 'A mapping with it as its destination shows what would be sent.'
                : 'See whether it answers, then make a mapping that leads to it.'}
            </p>
            {type !== 'inbox' && <TestButton id={id} />}
            <p>
              <Link to={`/destinations/${id}` as string}>Open {name}</Link>
            </p>
          </Section>
        </PageBody>
      </>
    );
  }
  return (
    <>
      <PageHead title="New destination" />
      <PageBody>
        <DestinationForm
          draft={draft}
          onChange={setDraft}
          action="Create destination"
          pending={create.isPending}
          error={create.error}
          onSubmit={() => create.mutate(undefined)}
          cancelTo="/destinations"
        />
      </PageBody>
    </>
  );
}
