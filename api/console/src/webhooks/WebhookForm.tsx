import type { ReactNode } from 'react';
import { fieldErrors } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import type { FormOfDraft } from '../app/useEdit.tsx';
import { TextField } from '../ui/Field.tsx';
import { Form } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';

/** A webhook as its form has it: texts, as typed. */
export interface WebhookDraft {
  name: string;
  url: string;
  description: string;
}

interface WebhookFormProps extends FormOfDraft<WebhookDraft> {
  action: string;
  cancel: ReactNode;
  /** Between the fields and the button. */
  children?: ReactNode;
}

export function WebhookForm(props: WebhookFormProps) {
  const { draft, onChange, action, pending, error, onSubmit, notice, cancel, children } = props;
  const errors = fieldErrors(error);
  const set = (name: keyof WebhookDraft) => (value: string) => onChange({ ...draft, [name]: value });
  return (
    <Form
      action={action}
      pending={pending}
      fault={error ? faultOf(error) : undefined}
      notice={notice}
      onSubmit={onSubmit}
      cancel={cancel}
    >
      <TextField
        label="URL"
        code
        value={draft.url}
        onChange={set('url')}
        hint="Such as https://example.com/hooks."
        error={errorOf(errors, 'url')}
        autoComplete="off"
        required
      />
      <TextField
        label="Name"
        value={draft.name}
        onChange={set('name')}
        hint="Empty: it is made of the URL’s host."
        error={errorOf(errors, 'name')}
      />
      <TextField
        label="Description"
        value={draft.description}
        onChange={set('description')}
        hint="For people: what it is, who looks after it."
        error={errorOf(errors, 'description')}
      />
      {children}
    </Form>
  );
}
