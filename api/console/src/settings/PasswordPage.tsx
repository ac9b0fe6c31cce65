import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../app/api.ts';
import { fieldErrors } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import { useSession } from '../app/session.tsx';
import { TextField } from '../ui/Field.tsx';
import { Form } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { PageBody } from '../ui/Page.tsx';
import { useToasts } from '../ui/Toast.tsx';
import { SettingsHead } from './SettingsHead.tsx';

/** One's own password; a change ends every other session. */
export function PasswordPage() {
  const api = useApi();
  const { email } = useSession();
  const { show } = useToasts();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: () => api.patch('/api/v1/session/password', { body: { current_password: current, password: next } }),
    onSuccess: () => {
      setCurrent('');
      setNext('');
      show({ text: 'Your password is changed; other sessions of yours have ended' });
    },
  });
  const errors = fieldErrors(change.error);
  return (
    <>
      <SettingsHead page="Password" />
      <PageBody>
        <p>You are {email}.</p>
        <Form
          action="Change the password"
          pending={change.isPending}
          fault={change.error ? faultOf(change.error) : undefined}
          onSubmit={() => change.mutate()}
        >
          <TextField
            label="Current password"
            type="password"
            autoComplete="current-password"
            value={current}
            onChange={setCurrent}
            error={errorOf(errors, 'current_password')}
            required
          />
          <TextField
            label="New password"
            type="password"
            autoComplete="new-password"
            value={next}
            onChange={setNext}
            hint="8 characters or more. Other sessions of yours end."
            error={errorOf(errors, 'password')}
            required
          />
        </Form>
      </PageBody>
    </>
  );
}
