import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { differences } from '../app/form-texts.ts';
import { RecordView } from '../app/RecordView.tsx';
import { useRecord } from '../app/records.ts';
import { useEdit } from '../app/useEdit.tsx';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { SecretOnce } from '../ui/SecretOnce.tsx';
import { type WebhookDraft, WebhookForm } from './WebhookForm.tsx';

export function EditWebhookPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  return (
    <RecordView title="Edit webhook" query={useRecord('webhooks', id)}>
      {(webhook) => <Edit webhook={webhook} />}
    </RecordView>
  );
}

/** Where the URL leads to another server, the answer has a new secret, which is shown here only. */
function Edit({ webhook }: { webhook: Schemas['Webhook'] }) {
  const { id, name, url } = webhook;
  const [secret, setSecret] = useState<string>();
  const form = useEdit({
    kind: 'webhooks',
    record: webhook,
    draftOf,
    changesOf: (before, after) => differences(trimmed(before), trimmed(after)),
    onSaved: (saved, leave) => (saved?.secret === undefined ? leave() : setSecret(saved.secret)),
  });
  if (secret !== undefined) {
    return (
      <>
        <PageHead title={`${name} is saved`} />
        <PageBody>
          <SecretOnce secret={secret} name="new secret" />
          <p>Its URL leads to another server now, which knows nothing of the secret before.</p>
          <p>
            <Link to={`/webhooks/${id}` as string}>Open {name}</Link>
          </p>
        </PageBody>
      </>
    );
  }
  return (
    <>
      <PageHead title={`Edit ${name}`} />
      <PageBody>
        <WebhookForm {...form}>
          {originOf(form.draft.url) !== originOf(url) && (
            <p>This is another server, so a new secret is made and shown once. What waits goes to the new URL.</p>
          )}
        </WebhookForm>
      </PageBody>
    </>
  );
}

function draftOf({ name, url, description }: WebhookDraft): WebhookDraft {
  return { name, url, description };
}

function trimmed({ name, url, description }: WebhookDraft): WebhookDraft {
  return { name: name.trim(), url: url.trim(), description };
}

function originOf(url: string): string {
  return URL.canParse(url.trim()) ? new URL(url.trim()).origin : url;
}
