import { fieldErrors } from '../app/client.ts';
import { DraftForm, type FormOfDraft, setterOf } from '../app/DraftForm.tsx';
import { Checkbox, Select, TextArea, TextField } from '../ui/Field.tsx';
import { MoreFields } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import type { CompletedBy, GoalDraft } from './goal-draft.ts';

interface GoalFormProps extends FormOfDraft<GoalDraft> {
  /** It is there already. */
  isOld?: boolean;
}

const WAYS: { value: CompletedBy; label: string }[] = [
  { value: 'page_path', label: 'a page' },
  { value: 'event_name', label: 'a custom event' },
];

/** The fields of a goal. */
export function GoalForm({ isOld = false, ...form }: GoalFormProps) {
  const { draft, error } = form;
  const errors = fieldErrors(error);
  const set = setterOf(form);
  const isPage = draft.by === 'page_path';
  const moreErrors = [errorOf(errors, 'props'), errorOf(errors, 'currency')];
  return (
    <DraftForm {...form}>
      <TextField label="Name" value={draft.name} onChange={set('name')} error={errorOf(errors, 'name')} required />
      {isOld && <Checkbox label="Enabled" checked={draft.enabled} onChange={set('enabled')} />}
      <Select label="Completed by" value={draft.by} onChange={set('by')} options={WAYS} />
      <TextField
        label={isPage ? 'Path' : 'Event name'}
        code
        value={draft.what}
        onChange={set('what')}
        hint={
          isPage
            ? 'The whole path, such as /thanks or /shop/*/thanks: * is a part without slashes, ** anything.'
            : 'As your pages send it, such as Signup.'
        }
        error={errorOf(errors, draft.by)}
        required
      />
      <MoreFields
        title="Properties and revenue"
        open={draft.props !== '' || draft.currency !== '' || moreErrors.some((one) => one !== undefined)}
      >
        <TextArea
          label="Only with these properties"
          code
          rows={3}
          value={draft.props}
          onChange={set('props')}
          hint="One a line, at most 3, such as plan: pro."
          error={errorOf(errors, 'props')}
        />
        <TextField
          label="Currency"
          code
          value={draft.currency}
          onChange={set('currency')}
          hint="Such as EUR: its revenue is counted. Empty: it is not."
          error={errorOf(errors, 'currency')}
        />
      </MoreFields>
    </DraftForm>
  );
}
