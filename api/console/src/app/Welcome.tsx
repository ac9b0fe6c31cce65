import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { TextField } from '../ui/Field.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { useApi } from './api.ts';
import { fieldErrors } from './client.ts';
import { faultOf } from './faults.ts';
import css from './Login.module.css';
import { FormPage } from './Login.tsx';

/** Where a one-time link leads: it sets the password of a user and logs them in. The token stands behind the #, which no server sees. */
export function WelcomePage() {
  const api = useApi();
  const [token] = useState(() => location.hash.slice(1));
  const [password, setPassword] = useState('');
  useEffect(() => {
    document.title = 'Choose a password · Pockethook';
    // So that it is not in the history, nor in a screenshot.
    history.replaceState(null, '', location.pathname);
  }, []);
  const set = useMutation({
    mutationFn: async () => {
      const { email } = await api.post('/api/v1/session/password', { body: { token, password } });
      await api.post('/api/v1/session', { body: { email, password, cookie: true } });
    },
    onSuccess: () => location.assign('/'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate();
  };
  if (token === '') {
    return (
      <FormPage>
        <p>
          This page needs the whole link, with what stands behind its #. Open it from the message that you got, or ask
          for a new one.
        </p>
      </FormPage>
    );
  }
  return (
    <FormPage>
      <form className={css.form} onSubmit={submit}>
        <TextField
          label="Choose a password"
          type="password"
          name="password"
          autoComplete="new-password"
          required
          autoFocus
          value={password}
          onChange={setPassword}
          error={errorOf(fieldErrors(set.error), 'password')}
        />
        {set.error && <ErrorNote fault={faultOf(set.error)} />}
        <Button type="submit" kind="primary" pending={set.isPending}>
          Set the password
        </Button>
      </form>
    </FormPage>
  );
}
