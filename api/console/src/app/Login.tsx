import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { ErrorNote } from '../ui/ErrorNote.tsx';
import { TextField } from '../ui/Field.tsx';
import { useApi } from './api.ts';
import { Brand } from './Brand.tsx';
import { faultOf } from './faults.ts';
import css from './Login.module.css';

/** For operators (the login that the first start printed) and users alike. */
export function LoginPage({ onLogin }: { onLogin: () => void }) {
  useEffect(() => {
    document.title = 'Log in · Pockethook';
  }, []);
  return (
    <FormPage>
      <LoginForm onLogin={onLogin} />
      <p className={css.hint}>
        The first start prints the operator's e-mail and password. Users get a link from an admin of their account.
      </p>
    </FormPage>
  );
}

/** A card in the middle, for pages that nobody needs to be logged in for. */
export function FormPage({ children }: { children: ReactNode }) {
  return (
    <main className={css.page}>
      <div className={css.card}>
        <h1 className={css.brand}>
          <Brand />
          Pockethook
        </h1>
        {children}
      </div>
    </main>
  );
}

/** Over the page whose session has ended. */
export function LoginDialog({ email, onLogin }: { email: string; onLogin: () => void }) {
  return (
    <Dialog title="Your session has ended">
      <p>Log in again to go on where you were. What you typed is kept.</p>
      <LoginForm email={email} onLogin={onLogin} />
    </Dialog>
  );
}

function LoginForm({ email: known = '', onLogin }: { email?: string; onLogin: () => void }) {
  const api = useApi();
  const [email, setEmail] = useState(known);
  const [password, setPassword] = useState('');
  const login = useMutation({
    mutationFn: () => api.post('/api/v1/session', { body: { email, password, cookie: true } }),
    onSuccess: onLogin,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate();
  };
  return (
    <form className={css.form} onSubmit={submit}>
      <TextField
        label="E-mail"
        type="email"
        name="email"
        autoComplete="username"
        required
        autoFocus={known === ''}
        value={email}
        onChange={setEmail}
      />
      <TextField
        label="Password"
        type="password"
        name="password"
        autoComplete="current-password"
        required
        autoFocus={known !== ''}
        value={password}
        onChange={setPassword}
      />
      {login.error && <ErrorNote fault={faultOf(login.error)} />}
      <Button type="submit" kind="primary" pending={login.isPending}>
        Log in
      </Button>
    </form>
  );
}
