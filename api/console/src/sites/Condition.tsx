import type { Schemas } from '../../../client/schemas.ts';
import type { SetField } from '../app/DraftForm.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { errorOf, type FieldError } from '../ui/field-errors.ts';
import type { Draft, Notify } from './trigger-draft.ts';

interface ConditionProps {
  draft: Draft;
  set: SetField<Draft>;
  errors: readonly FieldError[] | undefined;
  goals: readonly Schemas['Goal'][];
}

/** What a trigger waits for. */
export function Condition(props: ConditionProps) {
  return props.draft.type === 'goal_completion' ? <OfGoal {...props} /> : <OfVisitors {...props} />;
}

function OfVisitors({ draft, set, errors }: ConditionProps) {
  const isSpike = draft.type === 'visitor_spike';
  return (
    <>
      <TextField
        label={isSpike ? 'From' : 'Below'}
        inputMode="decimal"
        value={draft.threshold}
        onChange={set('threshold')}
        error={errorOf(errors, 'threshold') ?? errorOf(errors, 'relative_threshold')}
        required
      />
      <Select
        label="Of"
        value={draft.relative ? 'usual' : 'visitors'}
        onChange={(unit) => set('relative')(unit === 'usual')}
        options={[
          { value: 'visitors', label: 'visitors' },
          { value: 'usual', label: '× what is usual at this weekday and hour' },
        ]}
      />
      <TextField
        label="Within"
        value={draft.window}
        onChange={set('window')}
        hint={`Such as 30m; empty is ${isSpike ? '5m' : '12h'}.`}
        error={errorOf(errors, 'window')}
      />
    </>
  );
}

const NOTIFY: { value: Notify; label: string }[] = [
  { value: 'every', label: 'every completion' },
  { value: 'first_of_day', label: 'the first of a day' },
  { value: 'every_nth', label: 'every so many' },
  { value: 'summary', label: 'all of a while together' },
];

function OfGoal({ draft, set, errors, goals }: ConditionProps) {
  const options = [{ value: '', label: 'Choose …' }, ...goals.map(({ id, name = id }) => ({ value: id, label: name }))];
  return (
    <>
      <Select
        label="Goal"
        value={draft.goal}
        onChange={set('goal')}
        options={options}
        error={errorOf(errors, 'goal')}
      />
      <Select label="Of which" value={draft.notify} onChange={set('notify')} options={NOTIFY} />
      {draft.notify === 'every_nth' && (
        <TextField
          label="Every how many"
          inputMode="numeric"
          value={draft.nth}
          onChange={set('nth')}
          error={errorOf(errors, 'nth')}
          required
        />
      )}
      {draft.notify === 'summary' && (
        <TextField
          label="Within"
          value={draft.window}
          onChange={set('window')}
          hint="Such as 30m; empty is 1h."
          error={errorOf(errors, 'window')}
        />
      )}
    </>
  );
}
