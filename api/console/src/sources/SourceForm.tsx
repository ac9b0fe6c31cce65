import type { Schemas } from '../../../client/schemas.ts';
import { fieldErrors } from '../app/client.ts';
import { DraftForm, type FormOfDraft } from '../app/DraftForm.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { MoreFields } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { ingestUrl, usePresets } from './data.ts';
import { type Draft, slugOf } from './draft.ts';
import type { FieldsProps } from './fields-props.ts';
import { ANSWERING, AnswerFields, LIMITING, LimitFields, READING, ReadingFields } from './MoreSourceFields.tsx';
import { Secrets, VerificationFields } from './VerificationFields.tsx';

type Preset = Schemas['SourcePreset'];

interface SourceFormProps extends FormOfDraft<Draft> {
  /** It is there already. */
  existing?: boolean;
}

const VERIFYING = ['verification', 'verification_options'];

/** Fields of a source: whose events, its name, what proves them; the rest is folded away until it is wanted. */
export function SourceForm({ existing = false, ...form }: SourceFormProps) {
  const { draft, onChange, error } = form;
  const presets = usePresets().data ?? [];
  const errors = fieldErrors(error);
  const preset = presets.find(({ name }) => name === draft.preset);
  const set = (changed: Partial<Draft>) => onChange({ ...draft, ...changed });
  const fields: FieldsProps = { draft, set, errors, preset };
  const isWrong = (names: readonly string[]) => names.some((name) => errorOf(errors, name) !== undefined);
  const choose = (next: string) => {
    const isNamedByPreset = !existing && (draft.name === '' || draft.name === slugOf(draft.preset));
    set({
      preset: next,
      // Of one that is there, what is not said stays as it was.
      verification: existing && next === '' ? 'none' : '',
      options: {},
      ...(isNamedByPreset && { name: slugOf(next) }),
    });
  };
  return (
    <DraftForm {...form}>
      <Select
        label="Events come from"
        value={draft.preset}
        onChange={choose}
        options={optionsOf(presets, draft.preset)}
        hint={preset && <PresetHint preset={preset} />}
        error={errorOf(errors, 'preset')}
      />
      <TextField
        label="Name"
        code
        value={draft.name}
        onChange={(name) => set({ name })}
        hint={nameHint(draft.name, existing)}
        error={errorOf(errors, 'name')}
        autoComplete="off"
        required
      />
      {draft.preset === '' ? (
        <VerificationFields {...fields} />
      ) : (
        <>
          {preset && preset.secret_by !== 'nobody' && draft.verification === '' && <Secrets {...fields} />}
          <MoreFields title="Verification" open={isWrong(VERIFYING) || (existing && isWrong(['secrets']))}>
            <VerificationFields {...fields} />
          </MoreFields>
        </>
      )}
      <MoreFields title="What is read of an event" open={isWrong(READING)}>
        <ReadingFields {...fields} />
      </MoreFields>
      <MoreFields title="What producers are answered" open={isWrong(ANSWERING)}>
        <AnswerFields {...fields} />
      </MoreFields>
      <MoreFields title="Limits, and what is kept" open={isWrong(LIMITING)}>
        <LimitFields {...fields} />
      </MoreFields>
    </DraftForm>
  );
}

function optionsOf(presets: readonly Preset[], chosen: string) {
  const sorted = presets
    .map(({ name, title }) => ({ value: name, label: title }))
    .sort((one, other) => one.label.localeCompare(other.label));
  // Before the presets are read.
  const own = chosen !== '' && sorted.length === 0 ? [{ value: chosen, label: chosen }] : [];
  return [{ value: '', label: 'Anything' }, ...own, ...sorted];
}

function nameHint(name: string, existing: boolean): string {
  const url = `Its URL: ${ingestUrl(name === '' ? 'NAME' : name)}`;
  return existing ? `${url}; after a change the old one answers 404.` : url;
}

function PresetHint({ preset: { title, docs, verification, handshake } }: { preset: Preset }) {
  return (
    <>
      {verification === 'none' ? 'Its requests prove nothing.' : `Proved by ${verification}.`}{' '}
      {handshake !== '' && `${handshake} `}
      <a href={docs} target="_blank" rel="noreferrer">
        How to set it up at {title}
      </a>
    </>
  );
}
