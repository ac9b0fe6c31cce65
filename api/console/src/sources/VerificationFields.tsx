import { Button } from '../ui/Button.tsx';
import { Select, TextArea, TextField } from '../ui/Field.tsx';
import { errorAt, errorOf } from '../ui/field-errors.ts';
import type { Scheme } from './draft.ts';
import type { FieldsProps } from './fields-props.ts';
import { OPTIONS, type OptionField, SCHEMES } from './schemes.ts';
import css from './sources.module.css';

/** How requests prove where they come from, and with which secrets. */
export function VerificationFields({ draft, set, errors, preset }: FieldsProps) {
  const scheme = draft.verification || preset?.verification || 'none';
  const asPreset = preset
    ? [{ value: '' as Scheme | '', label: `As ${preset.title} does it: ${preset.verification}` }]
    : [];
  return (
    <>
      <Select
        label="Requests are proved by"
        value={preset ? draft.verification : (scheme as Scheme)}
        onChange={(next) => {
          set({ verification: next, options: {} });
        }}
        options={[...asPreset, ...SCHEMES]}
        error={errorOf(errors, 'verification') ?? errorAt(errors, 'verification_options')}
      />
      {draft.verification !== '' &&
        (OPTIONS[draft.verification] ?? []).map((field) => (
          <Option
            key={field.name}
            field={field}
            value={draft.options[field.name] ?? ''}
            onChange={(value) => set({ options: { ...draft.options, [field.name]: value } })}
            error={errorOf(errors, `verification_options/${field.name}`)}
          />
        ))}
      {scheme !== 'none' && <Secrets draft={draft} set={set} errors={errors} preset={preset} />}
    </>
  );
}

interface OptionProps {
  field: OptionField;
  value: string;
  onChange: (value: string) => void;
  error: string | undefined;
}

function Option({ field: { label, hint, values }, value, onChange, error }: OptionProps) {
  if (!values) return <TextField label={label} code value={value} onChange={onChange} hint={hint} error={error} />;
  const options = [{ value: '', label: 'The usual' }, ...values.map((each) => ({ value: each, label: each }))];
  return <Select label={label} value={value} onChange={onChange} options={options} hint={hint} error={error} />;
}

/** Those that are there are masked and can be taken away; a new one goes before them. */
export function Secrets({ draft, set, errors, preset }: FieldsProps) {
  const { keptSecrets, secret } = draft;
  const what = preset?.secret ? preset.secret : 'secret';
  return (
    <>
      {keptSecrets.length > 0 && (
        <ul className={css.secrets} aria-label="Secrets">
          {keptSecrets.map((mask, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: masks may be alike
            <li key={index}>
              <code>{mask}</code>
              <Button small onClick={() => set({ keptSecrets: keptSecrets.filter((_, at) => at !== index) })}>
                Take away
              </Button>
            </li>
          ))}
        </ul>
      )}
      <TextArea
        label={keptSecrets.length > 0 ? `New ${what}` : capitalised(what)}
        code
        rows={1}
        value={secret}
        onChange={(next) => set({ secret: next })}
        hint={secretHint(draft, preset)}
        error={errorOf(errors, 'secrets')}
      />
    </>
  );
}

function secretHint({ keptSecrets }: FieldsProps['draft'], preset: FieldsProps['preset']): string {
  if (keptSecrets.length > 0) return 'Goes beside those above, so that the producer can change over; empty adds none.';
  if (preset?.secret_by === 'vendor') {
    return `${preset.title} shows it where you set the webhook up; you can add it later.`;
  }
  if (preset?.secret_by === 'handshake') return 'Leave it empty: the first request brings it.';
  return preset?.secret_by === 'us' ? 'Empty: one is made, and shown once.' : 'What the producer proves itself with.';
}

export function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
