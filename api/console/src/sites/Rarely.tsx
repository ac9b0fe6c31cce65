import type { SetField } from '../app/DraftForm.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { MoreFields } from '../ui/Form.tsx';
import { errorOf, type FieldError } from '../ui/field-errors.ts';
import type { Draft, Repeat, WhenLate } from './trigger-draft.ts';

interface RarelyProps {
  draft: Draft;
  set: SetField<Draft>;
  errors: readonly FieldError[] | undefined;
}

/** Fields of a trigger that few need: when it is quiet, how sure it must be, how late it may tell. */
export function Rarely(props: RarelyProps) {
  return (
    <>
      <QuietHours {...props} />
      {props.draft.type !== 'goal_completion' && <HowOften {...props} />}
      <Late {...props} />
    </>
  );
}

function QuietHours({ draft, set, errors }: RarelyProps) {
  return (
    <MoreFields title="Quiet hours" open={draft.quietFrom !== '' || errorOf(errors, 'quiet_hours') !== undefined}>
      <TextField label="Quiet from" type="time" value={draft.quietFrom} onChange={set('quietFrom')} />
      <TextField
        label="Quiet until"
        type="time"
        value={draft.quietTo}
        onChange={set('quietTo')}
        hint="By the clock of the site. What still holds then is told then. Both empty: never quiet."
        error={errorOf(errors, 'quiet_hours')}
      />
    </MoreFields>
  );
}

const REPEATS: { value: Repeat; label: string }[] = [
  { value: 'never', label: 'never' },
  { value: 'hourly', label: 'every hour' },
  { value: 'daily', label: 'every day' },
];

function HowOften({ draft, set, errors }: RarelyProps) {
  const wrong = ['readings', 'cooldown', 'repeat'].some((field) => errorOf(errors, field) !== undefined);
  return (
    <MoreFields title="How sure, and how often" open={wrong}>
      <TextField
        label="Readings in a row"
        inputMode="numeric"
        value={draft.readings}
        onChange={set('readings')}
        hint="In how many readings it must hold, at least 10 seconds apart (of many visitors 2); empty is 2."
        error={errorOf(errors, 'readings')}
      />
      <TextField
        label="Cool-down"
        value={draft.cooldown}
        onChange={set('cooldown')}
        hint="How long it stays quiet after it told, such as 1h; empty is 12h."
        error={errorOf(errors, 'cooldown')}
      />
      <Select
        label="Tell again while it goes on"
        value={draft.repeat}
        onChange={set('repeat')}
        options={REPEATS}
        error={errorOf(errors, 'repeat')}
      />
    </MoreFields>
  );
}

const LATE: { value: WhenLate; label: string }[] = [
  { value: 'mark', label: 'is told, and marked as late' },
  { value: 'skip', label: 'is not told' },
];

function Late({ draft, set, errors }: RarelyProps) {
  const wrong = ['expires_after', 'when_late'].some((field) => errorOf(errors, field) !== undefined);
  return (
    <MoreFields title="What is late" open={wrong}>
      <TextField
        label="Late after"
        value={draft.expiresAfter}
        onChange={set('expiresAfter')}
        hint="Such as 30m; empty is 60m."
        error={errorOf(errors, 'expires_after')}
      />
      <Select label="What is late" value={draft.whenLate} onChange={set('whenLate')} options={LATE} />
    </MoreFields>
  );
}
