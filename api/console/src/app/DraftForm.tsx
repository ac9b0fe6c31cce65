import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { buttonClass } from '../ui/Button.tsx';
import { Form } from '../ui/Form.tsx';
import { faultOf } from './faults.ts';

/** What a form needs that sends a draft: a record as its form has it. */
export interface FormOfDraft<Draft> {
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** The verb on the button. */
  action: string;
  pending: boolean;
  /** What the last try was refused for. */
  error: unknown;
  /** Above the buttons: what somebody else changed meanwhile. */
  notice?: ReactNode;
  onSubmit: () => void;
  /** The page that Cancel leads to. */
  cancelTo: string;
}

/** The frame of such a form around its fields. */
export function DraftForm<Draft>(props: FormOfDraft<Draft> & { children: ReactNode }) {
  const { action, pending, error, notice, onSubmit, cancelTo, children } = props;
  return (
    <Form
      action={action}
      pending={pending}
      fault={error ? faultOf(error) : undefined}
      notice={notice}
      onSubmit={onSubmit}
      cancel={
        <Link to={cancelTo} className={buttonClass({})}>
          Cancel
        </Link>
      }
    >
      {children}
    </Form>
  );
}

/** Sets one field of a draft. */
export type SetField<Draft> = <Name extends keyof Draft>(name: Name) => (value: Draft[Name]) => void;

export function setterOf<Draft>({ draft, onChange }: Pick<FormOfDraft<Draft>, 'draft' | 'onChange'>): SetField<Draft> {
  return (name) => (value) => onChange({ ...draft, [name]: value });
}
