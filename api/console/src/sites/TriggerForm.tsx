import type { ReactNode } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { fieldErrors } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import { useKnownRecords } from '../app/records.ts';
import type { FormOfDraft } from '../app/useEdit.tsx';
import { Checkbox, Select, TextField } from '../ui/Field.tsx';
import { Form } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { Condition } from './Condition.tsx';
import { useOfSite } from './data.ts';
import { Rarely } from './Rarely.tsx';
import css from './sites.module.css';
import { Tried } from './Tried.tsx';
import type { Draft, SetField } from './trigger-draft.ts';

export interface TriggerFormProps extends FormOfDraft<Draft> {
  site: string;
  account: string;
  action: string;
  cancel: ReactNode;
  /** It is there already. */
  isOld?: boolean;
}

/** The fields of a trigger, with what it would have told beside its condition. */
export function TriggerForm(props: TriggerFormProps) {
  const { site, draft, onChange, action, pending, error, onSubmit, notice, cancel, isOld = false } = props;
  const errors = fieldErrors(error);
  const set: SetField = (name) => (value) => onChange({ ...draft, [name]: value });
  const shared = { draft, set, errors };
  return (
    <Form
      action={action}
      pending={pending}
      fault={error ? faultOf(error) : undefined}
      notice={notice}
      onSubmit={onSubmit}
      cancel={cancel}
    >
      <TextField label="Name" value={draft.name} onChange={set('name')} error={errorOf(errors, 'name')} required />
      {isOld && <Checkbox label="Enabled" checked={draft.enabled} onChange={set('enabled')} />}
      <div className={css.condition}>
        <div className={css.conditionFields}>
          <Select
            label="Tell of"
            value={draft.type}
            onChange={set('type')}
            options={TYPES}
            error={errorOf(errors, 'type')}
          />
          <Condition {...shared} goals={useOfSite(site).goals} />
        </div>
        <Tried site={site} draft={draft} onSuggest={(value) => set('threshold')(String(value))} />
      </div>
      <WhoIsTold account={props.account} draft={draft} set={set} />
      <Rarely {...shared} />
    </Form>
  );
}

const TYPES: { value: Schemas['TriggerType']; label: string }[] = [
  { value: 'visitor_spike', label: 'many visitors' },
  { value: 'visitor_drop', label: 'few visitors, or none' },
  { value: 'goal_completion', label: 'a goal that is completed' },
];

function WhoIsTold({ account, draft: { destinations }, set }: { account: string; draft: Draft; set: SetField }) {
  const told = useKnownRecords('destinations', { account });
  const choose = (id: string, on: boolean) =>
    set('destinations')(on ? [...destinations, id] : destinations.filter((other) => other !== id));
  return (
    <fieldset className={css.told}>
      <legend>Who is told</legend>
      {told?.length === 0 && <p>The account has no webhook and no other destination yet.</p>}
      {told?.map(({ id, name, type }) => (
        <Checkbox
          key={id}
          label={`${name} (${type})`}
          checked={destinations.includes(id)}
          onChange={(on) => choose(id, on)}
        />
      ))}
    </fieldset>
  );
}
