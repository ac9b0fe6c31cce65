import type { FormEvent, ReactNode } from 'react';
import { Button } from './Button.tsx';
import { ErrorNote, type Fault } from './ErrorNote.tsx';
import css from './Form.module.css';

export interface FormProps {
  /** The verb on the button: "Create destination". */
  action: string;
  pending?: boolean;
  /** There is nothing to send yet. */
  disabled?: boolean;
  /** What the last try was refused for; what is wrong with one field stands at the field too. */
  fault?: Fault | undefined;
  /** Above the buttons: what else is to be known before one sends it. */
  notice?: ReactNode;
  onSubmit: () => void;
  /** It is only looked at: there is nothing to send it with. */
  readOnly?: boolean;
  /** Beside the button: a way out. */
  cancel?: ReactNode;
  children: ReactNode;
}

/** Fields below each other, what was wrong, and the button that sends them. */
export function Form({
  action,
  pending = false,
  disabled = false,
  fault,
  notice,
  readOnly = false,
  onSubmit,
  cancel,
  children,
}: FormProps) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <form className={css.form} onSubmit={submit}>
      {children}
      {fault && <ErrorNote fault={fault} />}
      {notice}
      {!readOnly && (
        <div className={css.actions}>
          <Button type="submit" kind="primary" pending={pending} disabled={disabled}>
            {action}
          </Button>
          {cancel}
        </div>
      )}
    </form>
  );
}

/** Fields that few need; folded away unless `open`, such as when one of them is wrong. */
export function MoreFields({ title, open, children }: { title: string; open?: boolean; children: ReactNode }) {
  return (
    <details className={css.more} {...(open && { open })}>
      <summary>{title}</summary>
      <div className={css.fields}>{children}</div>
    </details>
  );
}
