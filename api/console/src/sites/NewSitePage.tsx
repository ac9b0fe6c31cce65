import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useChosenAccount } from '../app/account.ts';
import { useApi } from '../app/api.ts';
import { useChange } from '../app/records.ts';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { SiteForm } from './SiteForm.tsx';
import { newSite, siteBodyOf } from './site-draft.ts';

export function NewSitePage() {
  const api = useApi();
  const account = useChosenAccount();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(newSite);
  const create = useChange(() => api.post('/api/v1/sites', { body: siteBodyOf(draft, account) }));
  return (
    <>
      <PageHead title="New site" />
      <PageBody>
        <SiteForm
          draft={draft}
          onChange={setDraft}
          action="Create site"
          pending={create.isPending}
          error={create.error}
          onSubmit={() =>
            create.mutate(undefined, { onSuccess: ({ id }) => void navigate({ to: `/sites/${id}` as string }) })
          }
          cancelTo="/sites"
        />
      </PageBody>
    </>
  );
}
