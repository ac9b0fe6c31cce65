import type { Schemas } from '../../../client/schemas.ts';
import { fieldErrors } from '../app/client.ts';
import { DraftForm, type FormOfDraft, type SetField, setterOf } from '../app/DraftForm.tsx';
import { useKnownRecords } from '../app/records.ts';
import { Checkbox, Select, TextField } from '../ui/Field.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { Condition } from './Condition.tsx';
import { useOfSite } from './data.ts';
import { Rarely } from './Rarely.tsx';
import css from './sites.module.css';
import { Tried } from './Tried.tsx';
import type { Draft } from './trigger-draft.ts';

export interface TriggerFormProps extends FormOfDraft<Draft> {
  site: string;
  account: string;
  /** It is there already. */
  isOld?: boolean;
}

/** The fields of a trigger, with what it would have told beside its condition. */
export function TriggerForm({ site, account, isOld = false, ...form }: TriggerFormProps) {
  const { draft, error } = form;
  const errors = fieldErrors(error);
  const set = setterOf(form);
  const shared = { draft, set, errors };
  return (
    <DraftForm {...form}>
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
      <WhoIsTold account={account} draft={draft} set={set} />
      <Rarely {...shared} />
    </DraftForm>
  );
}

const TYPES: { value: Schemas['TriggerType']; label: string }[] = [
  { value: 'visitor_spike', label: 'many visitors' },
  { value: 'visitor_drop', label: 'few visitors, or none' },
  { value: 'goal_completion', label: 'a goal that is completed' },
];

function WhoIsTold({ account, draft: { destinations }, set }: { account: string; draft: Draft; set: SetField<Draft> }) {
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
