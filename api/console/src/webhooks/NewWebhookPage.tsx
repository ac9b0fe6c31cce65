import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useChosenAccount } from '../app/account.ts';
import { useApi } from '../app/api.ts';
import { fieldErrors } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import { useChange } from '../app/records.ts';
import { TestButton } from '../app/TestButton.tsx';
import { buttonClass } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { Form } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { PageBody, PageHead, Section } from '../ui/Page.tsx';
import { SecretOnce } from '../ui/SecretOnce.tsx';

/** A new webhook; its secret, which is shown here only; and a test at once. */
export function NewWebhookPage() {
  const api = useApi();
  const account = useChosenAccount();
  const [url, setUrl] = useState('');
  const [description, setDescription] = useState('');
  const create = useChange(() =>
    api.post('/api/v1/webhooks', { body: { url: url.trim(), description, ...(account !== undefined && { account }) } }),
  );
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
  const errors = fieldErrors(create.error);
  return (
    <>
      <PageHead title="New webhook" />
      <PageBody>
        <Form
          action="Create webhook"
          pending={create.isPending}
          fault={create.error ? faultOf(create.error) : undefined}
          onSubmit={() => create.mutate(undefined)}
          cancel={
            <Link to={'/webhooks' as string} className={buttonClass({})}>
              Cancel
            </Link>
          }
        >
          <TextField
            label="URL"
            code
            value={url}
            onChange={setUrl}
            hint="Such as https://example.com/hooks."
            error={errorOf(errors, 'url')}
            autoComplete="off"
            required
          />
          <TextField
            label="Description"
            value={description}
            onChange={setDescription}
            hint="For people: what it is, who looks after it."
            error={errorOf(errors, 'description')}
          />
        </Form>
      </PageBody>
    </>
  );
}
