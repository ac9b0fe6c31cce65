import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useChosenAccount } from '../app/account.ts';
import { useApi } from '../app/api.ts';
import { useChange } from '../app/records.ts';
import { TestButton } from '../app/TestButton.tsx';
import { PageBody, PageHead, Section } from '../ui/Page.tsx';
import { SecretOnce } from '../ui/SecretOnce.tsx';
import { type WebhookDraft, WebhookForm } from './WebhookForm.tsx';

/** A new webhook; its secret, which is shown here only; and a test at once. */
export function NewWebhookPage() {
  const api = useApi();
  const account = useChosenAccount();
  const [draft, setDraft] = useState<WebhookDraft>({ name: '', url: '', description: '' });
  const create = useChange(() => api.post('/api/v1/webhooks', { body: bodyOf(draft, account) }));
  if (create.data) {
    const { id, name, secret } = create.data;
    return (
      <>
        <PageHead title={`${name} is ready`} />
        <PageBody>
          {secret !== undefined && <SecretOnce secret={secret} name="secret" />}
          <p>Its receiver checks with it that requests are yours, by any library of Standard Webhooks.</p>
          <Section title="Next">
            <p>See whether it answers; then a trigger of a site can tell it.</p>
            <TestButton id={id} />
            <p>
              <Link to={`/webhooks/${id}` as string}>Open {name}</Link>
            </p>
          </Section>
        </PageBody>
      </>
    );
  }
  return (
    <>
      <PageHead title="New webhook" />
      <PageBody>
        <WebhookForm
          draft={draft}
          onChange={setDraft}
          action="Create webhook"
          pending={create.isPending}
          error={create.error}
          onSubmit={() => create.mutate(undefined)}
          cancelTo="/webhooks"
        />
      </PageBody>
    </>
  );
}

function bodyOf({ name, url, description }: WebhookDraft, account: string | undefined): Schemas['NewWebhook'] {
  return {
    url: url.trim(),
    description,
    ...(name.trim() !== '' && { name: name.trim() }),
    ...(account !== undefined && { account }),
  };
}
