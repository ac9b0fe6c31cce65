import type { ReactNode } from 'react';
import { fieldErrors } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import type { FormOfDraft } from '../app/useEdit.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { Form } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import type { SiteDraft } from './site-draft.ts';

interface SiteFormProps extends FormOfDraft<SiteDraft> {
  action: string;
  cancel: ReactNode;
  /** It is there already: its domain stays. */
  isOld?: boolean;
}

const ORIGINS: { value: SiteDraft['countedBy']; label: string }[] = [
  { value: 'hits', label: 'Pockethook, from what the tracker reports' },
  { value: 'plausible', label: 'Plausible, which is asked' },
];

/** The fields of a site. */
export function SiteForm({
  draft,
  onChange,
  action,
  pending,
  error,
  onSubmit,
  notice,
  cancel,
  isOld = false,
}: SiteFormProps) {
  const errors = fieldErrors(error);
  const set =
    <Name extends keyof SiteDraft>(name: Name) =>
    (value: SiteDraft[Name]) =>
      onChange({ ...draft, [name]: value });
  return (
    <Form
      action={action}
      pending={pending}
      fault={error ? faultOf(error) : undefined}
      notice={notice}
      onSubmit={onSubmit}
      cancel={cancel}
    >
      {!isOld && (
        <TextField
          label="Domain"
          code
          value={draft.domain}
          onChange={set('domain')}
          hint="As the tracker sends it, without https:// and www."
          error={errorOf(errors, 'domain')}
          autoComplete="off"
          required
        />
      )}
      <TextField
        label="Name"
        value={draft.name}
        onChange={set('name')}
        hint="For people; empty is the domain."
        error={errorOf(errors, 'name')}
      />
      <TextField
        label="Time zone"
        value={draft.timezone}
        onChange={set('timezone')}
        hint="Its days and quiet hours count."
        error={errorOf(errors, 'timezone')}
      />
      <Select
        label="Counted by"
        value={draft.countedBy}
        onChange={set('countedBy')}
        options={ORIGINS}
        error={errorOf(errors, 'counted_by')}
      />
      {draft.countedBy === 'plausible' && (
        <>
          <TextField
            label="URL of Plausible"
            code
            value={draft.statisticsUrl}
            onChange={set('statisticsUrl')}
            hint="Empty is https://plausible.io. Another server asks for the key again."
            error={errorOf(errors, 'statistics_url')}
          />
          <TextField
            label="Key of its Stats API"
            code
            value={draft.statisticsKey}
            onChange={set('statisticsKey')}
            hint="Settings → API Keys at Plausible. It is stored encrypted, and masked from now on."
            error={errorOf(errors, 'statistics_key')}
            autoComplete="off"
          />
        </>
      )}
    </Form>
  );
}
