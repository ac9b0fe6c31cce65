import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useApi } from '../app/api.ts';
import { fieldErrors } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import { useChange } from '../app/records.ts';
import { buttonClass } from '../ui/Button.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { Form } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { PageBody, PageHead } from '../ui/Page.tsx';

/** A new goal of a site: a page that is reached, or an event that its pages send. */
export function NewGoalPage() {
  const { id: site } = useParams({ strict: false }) as { id: string };
  const api = useApi();
  const navigate = useNavigate();
  const [name, setName] = useState('');
  const [by, setBy] = useState<'page_path' | 'event_name'>('page_path');
  const [what, setWhat] = useState('');
  const create = useChange(() => api.post('/api/v1/goals', { body: { site, name: name.trim(), [by]: what.trim() } }));
  const errors = fieldErrors(create.error);
  const back = () => void navigate({ to: `/sites/${site}` as string });
  return (
    <>
      <PageHead title="New goal" />
      <PageBody>
        <Form
          action="Create goal"
          pending={create.isPending}
          fault={create.error ? faultOf(create.error) : undefined}
          onSubmit={() => create.mutate(undefined, { onSuccess: back })}
          cancel={
            <Link to={`/sites/${site}` as string} className={buttonClass({})}>
              Cancel
            </Link>
          }
        >
          <TextField label="Name" value={name} onChange={setName} error={errorOf(errors, 'name')} required />
          <Select
            label="Completed by"
            value={by}
            onChange={setBy}
            options={[
              { value: 'page_path', label: 'a page' },
              { value: 'event_name', label: 'a custom event' },
            ]}
          />
          <TextField
            label={by === 'page_path' ? 'Path' : 'Event name'}
            code
            value={what}
            onChange={setWhat}
            hint={
              by === 'page_path'
                ? 'The whole path, such as /thanks or /shop/*/thanks: * is a part without slashes, ** anything.'
                : 'As your pages send it, such as Signup.'
            }
            error={errorOf(errors, by)}
            required
          />
        </Form>
      </PageBody>
    </>
  );
}
