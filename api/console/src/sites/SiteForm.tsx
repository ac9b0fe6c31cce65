import { fieldErrors } from '../app/client.ts';
import { DraftForm, type FormOfDraft, setterOf } from '../app/DraftForm.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { errorOf } from '../ui/field-errors.ts';
import type { SiteDraft } from './site-draft.ts';

interface SiteFormProps extends FormOfDraft<SiteDraft> {
  /** It is there already: its domain stays. */
  isOld?: boolean;
}

const ORIGINS: { value: SiteDraft['countedBy']; label: string }[] = [
  { value: 'hits', label: 'Pockethook, from what the tracker reports' },
  { value: 'plausible', label: 'Plausible, which is asked' },
];

/** The fields of a site. */
export function SiteForm({ isOld = false, ...form }: SiteFormProps) {
  const { draft, error } = form;
  const errors = fieldErrors(error);
  const set = setterOf(form);
  return (
    <DraftForm {...form}>
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
    </DraftForm>
  );
}
