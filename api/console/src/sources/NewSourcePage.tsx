import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useChosenAccount } from '../app/account.ts';
import { useApi } from '../app/api.ts';
import { useChange } from '../app/records.ts';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { SecretOnce } from '../ui/SecretOnce.tsx';
import { Connect } from './Connect.tsx';
import { bodyOf, EMPTY } from './draft.ts';
import { Handshake } from './Handshake.tsx';
import { SourceForm } from './SourceForm.tsx';

/** A new source: whose webhooks it takes, its name in the URL, and what proves where they come from. */
export function NewSourcePage() {
  const [made, setMade] = useState<Schemas['Source']>();
  return made ? <Made source={made} /> : <Make onMade={setMade} />;
}

function Make({ onMade }: { onMade: (source: Schemas['Source']) => void }) {
  const api = useApi();
  const account = useChosenAccount();
  const [draft, setDraft] = useState(EMPTY);
  const create = useChange(() =>
    api.post('/api/v1/sources', { body: { ...bodyOf(draft), ...(account !== undefined && { account }) } }),
  );
  return (
    <>
      <PageHead title="New source" />
      <PageBody>
        <SourceForm
          draft={draft}
          onChange={setDraft}
          action="Create source"
          pending={create.isPending}
          error={create.error}
          onSubmit={() => create.mutate(undefined, { onSuccess: onMade })}
          cancelTo="/sources"
        />
      </PageBody>
    </>
  );
}

function Made({ source }: { source: Schemas['Source'] }) {
  const { id, name, secrets = [] } = source;
  const secret = secrets[0];
  const isShown = secret !== undefined && !secret.startsWith('•');
  return (
    <>
      <PageHead title={`${name} is ready`} />
      <PageBody>
        {isShown && <SecretOnce secret={secret} name="secret" />}
        <Handshake source={source} />
        <Connect source={source} />
        <p>
          <Link to={`/sources/${id}` as string}>Open {name}</Link>
        </p>
      </PageBody>
    </>
  );
}
