import type { ReactNode } from 'react';
import { fieldErrors } from '../app/client.ts';
import { DraftForm, type FormOfDraft, setterOf } from '../app/DraftForm.tsx';
import { TextField } from '../ui/Field.tsx';
import { errorOf } from '../ui/field-errors.ts';

/** A webhook as its form has it: texts, as typed. */
export interface WebhookDraft {
  name: string;
  url: string;
  description: string;
}

interface WebhookFormProps extends FormOfDraft<WebhookDraft> {
  /** Between the fields and the button. */
  children?: ReactNode;
}

export function WebhookForm({ children, ...form }: WebhookFormProps) {
  const { draft, error } = form;
  const errors = fieldErrors(error);
  const set = setterOf(form);
  return (
    <DraftForm {...form}>
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
    </DraftForm>
  );
}
