import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useChosenAccount } from '../app/account.ts';
import { useApi } from '../app/api.ts';
import { fieldErrors } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import { useChange } from '../app/records.ts';
import { buttonClass } from '../ui/Button.tsx';
import { TextField } from '../ui/Field.tsx';
import { Form } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { PageBody, PageHead } from '../ui/Page.tsx';

export function NewSitePage() {
  const api = useApi();
  const account = useChosenAccount();
  const navigate = useNavigate();
  const [domain, setDomain] = useState('');
  const [timezone, setTimezone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  const create = useChange(() =>
    api.post('/api/v1/sites', {
      body: { domain: domain.trim(), timezone: timezone.trim(), ...(account !== undefined && { account }) },
    }),
  );
  const errors = fieldErrors(create.error);
  return (
    <>
      <PageHead title="New site" />
      <PageBody>
        <Form
          action="Create site"
          pending={create.isPending}
          fault={create.error ? faultOf(create.error) : undefined}
          onSubmit={() =>
            create.mutate(undefined, { onSuccess: ({ id }) => void navigate({ to: `/sites/${id}` as string }) })
          }
          cancel={
            <Link to={'/sites' as string} className={buttonClass({})}>
              Cancel
            </Link>
          }
        >
          <TextField
            label="Domain"
            code
            value={domain}
            onChange={setDomain}
            hint="As the tracker sends it, without https:// and www."
            error={errorOf(errors, 'domain')}
            autoComplete="off"
            required
          />
          <TextField
            label="Time zone"
            value={timezone}
            onChange={setTimezone}
            hint="Its days and quiet hours count."
            error={errorOf(errors, 'timezone')}
          />
        </Form>
      </PageBody>
    </>
  );
}
