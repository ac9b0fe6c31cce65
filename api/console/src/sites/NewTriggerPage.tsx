import { useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../app/api.ts';
import { RecordView } from '../app/RecordView.tsx';
import { useChange, useRecord } from '../app/records.ts';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { TriggerForm } from './TriggerForm.tsx';
import { bodyOf, EMPTY } from './trigger-draft.ts';

/** A new trigger of a site; the backtest says how often it would have told before it is made. */
export function NewTriggerPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="New trigger" query={useRecord('sites', id)}>
      {({ account, domain }) => <Make site={id} account={account} domain={domain ?? ''} />}
    </RecordView>
  );
}

function Make({ site, account, domain }: { site: string; account: string; domain: string }) {
  const api = useApi();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(EMPTY);
  const create = useChange(() => api.post('/api/v1/triggers', { body: bodyOf(site, draft) }));
  return (
    <>
      <PageHead title={`New trigger of ${domain}`} />
      <PageBody>
        <TriggerForm
          site={site}
          account={account}
          draft={draft}
          onChange={setDraft}
          action="Create trigger"
          pending={create.isPending}
          error={create.error}
          onSubmit={() =>
            create.mutate(undefined, { onSuccess: ({ id }) => void navigate({ to: `/triggers/${id}` as string }) })
          }
          cancelTo={`/sites/${site}`}
        />
      </PageBody>
    </>
  );
}
