import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Schemas } from '../../../client/schemas.ts';
import { useChosenAccount } from '../app/account.ts';
import { useApi } from '../app/api.ts';
import { fieldErrors } from '../app/client.ts';
import { faultOf } from '../app/faults.ts';
import { useChange } from '../app/records.ts';
import { buttonClass } from '../ui/Button.tsx';
import { Select, TextField } from '../ui/Field.tsx';
import { Form } from '../ui/Form.tsx';
import { errorOf } from '../ui/field-errors.ts';
import { PageBody, PageHead } from '../ui/Page.tsx';
import { SecretOnce } from '../ui/SecretOnce.tsx';
import { Connect } from './Connect.tsx';
import { usePresets } from './data.ts';
import { slugOf } from './draft.ts';

type Preset = Schemas['SourcePreset'];

/** A new source: whose webhooks it takes, its name in the URL, and what proves where they come from. */
export function NewSourcePage() {
  const [made, setMade] = useState<Schemas['Source']>();
  return made ? <Made source={made} /> : <Make onMade={setMade} />;
}

function Make({ onMade }: { onMade: (source: Schemas['Source']) => void }) {
  const api = useApi();
  const account = useChosenAccount();
  const presets = usePresets().data ?? [];
  const [chosen, setChosen] = useState('');
  const [name, setName] = useState('');
  const [secret, setSecret] = useState('');
  const preset = presets.find((each) => each.name === chosen);
  const create = useChange(() =>
    api.post('/api/v1/sources', {
      body: {
        name: name.trim(),
        ...(chosen !== '' && { preset: chosen }),
        ...(secret.trim() !== '' && { secrets: [secret.trim()] }),
        ...(account !== undefined && { account }),
      },
    }),
  );
  const errors = fieldErrors(create.error);
  const choose = (next: string) => {
    const named = name === '' || name === slugOf(chosen);
    setChosen(next);
    if (named) setName(slugOf(next));
  };
  return (
    <>
      <PageHead title="New source" />
      <PageBody>
        <Form
          action="Create source"
          pending={create.isPending}
          fault={create.error ? faultOf(create.error) : undefined}
          onSubmit={() => create.mutate(undefined, { onSuccess: onMade })}
          cancel={
            <Link to={'/sources' as string} className={buttonClass({})}>
              Cancel
            </Link>
          }
        >
          <Select
            label="Events come from"
            value={chosen}
            onChange={choose}
            options={optionsOf(presets)}
            hint={preset ? <PresetHint preset={preset} /> : 'Whoever knows the URL may post to it.'}
            error={errorOf(errors, 'preset')}
          />
          <TextField
            label="Name"
            code
            value={name}
            onChange={setName}
            hint={`Its URL: ${location.origin}/ingest/${name === '' ? 'NAME' : name}`}
            error={errorOf(errors, 'name')}
            autoComplete="off"
            required
          />
          {preset?.secret_by === 'vendor' && (
            <TextField
              label={capitalised(preset.secret)}
              code
              value={secret}
              onChange={setSecret}
              hint={`${preset.title} shows it where you set the webhook up; you can add it later.`}
              error={errorOf(errors, 'secrets')}
              autoComplete="off"
            />
          )}
        </Form>
      </PageBody>
    </>
  );
}

function optionsOf(presets: readonly Preset[]) {
  const sorted = [...presets].sort((one, other) => one.title.localeCompare(other.title));
  return [{ value: '', label: 'Anything' }, ...sorted.map(({ name, title }) => ({ value: name, label: title }))];
}

function PresetHint({ preset: { title, docs, verification } }: { preset: Preset }) {
  return (
    <>
      {verification === 'none' ? 'Its requests prove nothing.' : `Proved by ${verification}.`}{' '}
      <a href={docs} target="_blank" rel="noreferrer">
        How to set it up at {title}
      </a>
    </>
  );
}

function Made({ source }: { source: Schemas['Source'] }) {
  const { id, name, secrets = [] } = source;
  const secret = secrets[0];
  const isShown = secret !== undefined && !secret.startsWith('•');
  return (
    <>
      <PageHead title={`${name} is ready`} />
      <PageBody>
        {isShown && <SecretOnce secret={secret} name="secret" />}
        <Connect source={source} />
        <p>
          <Link to={`/sources/${id}` as string}>Open {name}</Link>
        </p>
      </PageBody>
    </>
  );
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
