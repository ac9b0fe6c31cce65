import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { differences } from '../app/form-texts.ts';
import { RecordView } from '../app/RecordView.tsx';
import { usePatch, useRecord } from '../app/records.ts';
import { buttonClass } from '../ui/Button.tsx';
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
function Edit({ webhook: { id, name, url, description } }: { webhook: Schemas['Webhook'] }) {
  const navigate = useNavigate();
  const [before] = useState<WebhookDraft>({ name, url, description });
  const [draft, setDraft] = useState(before);
  const patch = usePatch('webhooks', id);
  const page = `/webhooks/${id}`;
  const leave = () => void navigate({ to: page });
  const save = () => {
    const changes = differences(trimmed(before), trimmed(draft));
    if (Object.keys(changes).length === 0) return leave();
    patch.mutate(changes, { onSuccess: ({ secret }) => secret === undefined && leave() });
  };
  const secret = patch.data?.secret;
  if (secret !== undefined) {
    return (
      <>
        <PageHead title={`${name} is saved`} />
        <PageBody>
          <SecretOnce secret={secret} name="new secret" />
          <p>Its URL leads to another server now, which knows nothing of the secret before.</p>
          <p>
            <Link to={page as string}>Open {name}</Link>
          </p>
        </PageBody>
      </>
    );
  }
  return (
    <>
      <PageHead title={`Edit ${name}`} />
      <PageBody>
        <WebhookForm
          draft={draft}
          onChange={setDraft}
          action="Save changes"
          pending={patch.isPending}
          error={patch.error}
          onSubmit={save}
          cancel={
            <Link to={page as string} className={buttonClass({})}>
              Cancel
            </Link>
          }
        >
          {originOf(draft.url) !== originOf(url) && (
            <p>This is another server, so a new secret is made and shown once. What waits goes to the new URL.</p>
          )}
        </WebhookForm>
      </PageBody>
    </>
  );
}

function trimmed({ name, url, description }: WebhookDraft): WebhookDraft {
  return { name: name.trim(), url: url.trim(), description };
}

function originOf(url: string): string {
  return URL.canParse(url.trim()) ? new URL(url.trim()).origin : url;
}
